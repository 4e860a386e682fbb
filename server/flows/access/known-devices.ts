import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import { DAY, type Instant } from '../../domain/instant.ts'

const LASTS = 365 * DAY

/**
 * Signs what a browser keeps after a person has signed in there once: whoever brings it again is counted by
 * itself, however many strangers guess in that name. It opens nothing.
 */
export function createKnownDevices(key: string) {
  const sign = (name: string, device: string, until: string): string =>
    createHmac('sha256', key)
      .update(JSON.stringify(['known device', name, device, until]))
      .digest('base64url')

  return {
    issue(name: string, at: Instant): { readonly token: string; readonly expiresAt: Instant } {
      const [device, expiresAt] = [randomUUID(), at + LASTS]
      return { token: [device, expiresAt, sign(name, device, String(expiresAt))].join('.'), expiresAt }
    },
    /** The device, where the token is one of ours for this very name and still lasts. */
    read(name: string, token: string | undefined, at: Instant): string | undefined {
      const [device = '', until = '', signature = ''] = token?.split('.') ?? []
      const [given, right] = [Buffer.from(signature), Buffer.from(sign(name, device, until))]
      const isOurs = given.length === right.length && timingSafeEqual(given, right)
      return isOurs && Number(until) > at ? device : undefined
    },
  }
}
