import { instantText } from '../domain/instant.ts'
import { toPeople } from './channel-kind.ts'
import { signedSettings } from './setting-types.ts'
import { postSigned } from './signed-post.ts'
import { fit, wordsOf } from './words.ts'

/** SMS through whatever gateway the company has: a signed webhook with numbers and a text. It costs money. */
export const sms = toPeople({
  type: 'sms',
  name: { zh: '短信', en: 'SMS' },
  settings: signedSettings,
  alarmsOnly: true,
  last: true,
  create: (target, around) => ({
    rate: { burst: 5, perMinute: 10 },
    digestBytes: 0,
    async send(message, signal) {
      const phones = message.people.flatMap(({ phone }) => (phone === undefined ? [] : [phone]))
      if (phones.length === 0) return { kind: 'refused', why: 'nobody with a phone number' }
      const { title } = wordsOf(message, around.language)
      const body = JSON.stringify({
        type: 'sms.send',
        timestamp: instantText(around.wallNow()),
        data: { phones, text: fit(title, 420) },
      })
      return postSigned({ ...target, ...around }, { id: message.id, body }, signal)
    },
  }),
})
