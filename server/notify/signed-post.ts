import { HOUR, MINUTE } from '../domain/instant.ts'
import type { Outcome } from '../domain/notification/outcome.ts'
import type { Guard } from './guard.ts'
import { postJson, type Answer } from './post-json.ts'
import { signWebhook } from './sign-webhook.ts'

export interface SignedTarget {
  readonly url: string
  readonly secrets: readonly string[]
  readonly guard: Guard
  readonly wallNow: () => number
}

/** One signed webhook. Only 2xx is a success; 410 means never again; 429 and 503 may say how long to wait. */
export async function postSigned(
  target: SignedTarget,
  message: { readonly id: string; readonly body: string },
  signal: AbortSignal,
): Promise<Outcome> {
  const { url, guard, secrets, wallNow } = target
  const headers = signWebhook(secrets, { ...message, sentAt: wallNow() })
  const answer = await postJson({ url, guard, headers }, message.body, signal)
  return answer.kind === 'answer' ? outcomeOf(answer) : answer
}

function outcomeOf({ status, retryAfterMs }: Answer): Outcome {
  const why = `HTTP ${String(status)}`
  if (status >= 200 && status < 300) return { kind: 'sent' }
  if (status === 410) return { kind: 'gone', why }
  if (status === 429 || (status === 503 && retryAfterMs !== undefined))
    return { kind: 'limited', why, restMs: Math.min(retryAfterMs ?? MINUTE, HOUR) }
  return status >= 500 || status === 408 ? { kind: 'failed', why } : { kind: 'refused', why }
}
