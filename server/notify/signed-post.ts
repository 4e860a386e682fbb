import type { Outcome } from '../domain/notification/outcome.ts'
import type { Surroundings } from './channel-kind.ts'
import { httpOutcome } from './http-outcome.ts'
import { post } from './post.ts'
import { signWebhook } from './sign-webhook.ts'

export interface SignedTarget extends Pick<Surroundings, 'guard' | 'wallNow'> {
  readonly url: string
  readonly secret: string
  readonly previousSecret?: string | undefined
}

/** One signed webhook, with both secrets while one takes the other's place. */
export async function postSigned(
  { url, guard, secret, previousSecret, wallNow }: SignedTarget,
  message: { readonly id: string; readonly body: string },
  signal: AbortSignal,
): Promise<Outcome> {
  const secrets = previousSecret === undefined ? [secret] : [secret, previousSecret]
  const headers = signWebhook(secrets, { ...message, sentAt: wallNow() })
  return httpOutcome(await post({ url, guard, headers }, message.body, signal))
}
