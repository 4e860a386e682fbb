import { instantText } from '../domain/instant.ts'
import type { MessageChannel } from '../flows/notification/outbox.ts'
import type { ChannelParts } from './channel-parts.ts'
import { postSigned } from './signed-post.ts'
import { fit, wordsOf } from './words.ts'

/** SMS through whatever gateway the company has: a signed webhook with numbers and a text. */
export function smsChannel(parts: ChannelParts): MessageChannel {
  const { scope, url, secrets, guard, language, wallNow } = parts
  return {
    ...scope,
    type: 'sms',
    rate: { burst: 5, perMinute: 10 },
    digestBytes: 0,
    async send(message, signal) {
      const phones = message.people.flatMap(({ phone }) => (phone === undefined ? [] : [phone]))
      if (phones.length === 0) return { kind: 'refused', why: 'nobody with a phone number' }
      const { title } = wordsOf(message, language)
      const body = JSON.stringify({
        type: 'sms.send',
        timestamp: instantText(wallNow()),
        data: { phones, text: fit(title, 420) },
      })
      return postSigned({ url, secrets, guard, wallNow }, { id: message.id, body }, signal)
    },
  }
}
