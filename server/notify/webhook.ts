import type { WebhookEventType } from '../domain/notification/notification.ts'
import type { WebhookChannel } from '../flows/notification/outbox.ts'
import type { ChannelParts } from './channel-parts.ts'
import { postSigned } from './signed-post.ts'

/** Another program that is told of tickets (Standard Webhooks). */
export function webhookChannel(
  parts: ChannelParts,
  events: readonly WebhookEventType[] | undefined,
): WebhookChannel {
  const { scope, url, secrets, guard, wallNow } = parts
  return {
    ...scope,
    type: 'webhook',
    rate: { burst: 60, perMinute: 600 },
    ...(events === undefined ? {} : { events }),
    send: ({ id, body }, signal) =>
      postSigned({ url, secrets, guard, wallNow }, { id, body: JSON.stringify(body) }, signal),
  }
}
