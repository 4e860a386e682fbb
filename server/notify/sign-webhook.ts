import { createHmac } from 'node:crypto'

export const SECRET_PATTERN = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/

/**
 * Headers of Standard Webhooks: `v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`, the
 * timestamp in whole seconds. While a secret is being changed both sign, separated by a space.
 */
export function signWebhook(
  secrets: readonly string[],
  message: { readonly id: string; readonly body: string; readonly sentAt: number },
): Record<string, string> {
  const { id, body, sentAt } = message
  const timestamp = String(Math.floor(sentAt / 1000))
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  })
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures.join(' ') }
}
