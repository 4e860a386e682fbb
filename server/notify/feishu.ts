import { createHmac } from 'node:crypto'
import { MINUTE } from '../domain/instant.ts'
import type { Urgency } from '../domain/notification/notification.ts'
import { toPeople } from './channel-kind.ts'
import { post } from './post.ts'
import { robotOutcome, type AnswerForm } from './robot-answer.ts'
import { robotSettings } from './setting-types.ts'
import { fit, wordsOf } from './words.ts'

const MAX_BYTES = 8000
/** 9499 “too many request”, 11232 the tenant's 100 a minute and 5 a second. */
const ANSWER: AnswerForm = {
  code: 'code',
  text: 'msg',
  limited: [9499, 11_232, 99_991_400],
  restMs: MINUTE,
  busy: [],
}
const COLOUR: Readonly<Record<Urgency, string>> = { alarm: 'red', soon: 'orange', info: 'blue' }

/** A 飞书 group robot, signed: a card of plain text, in which nothing that a caller said is markup. */
export const feishu = toPeople({
  type: 'feishu',
  name: { zh: '飞书', en: 'Feishu' },
  settings: robotSettings,
  create: ({ url, secret = '' }, { guard, language, wallNow }) => ({
    // 4 at once and 58 a minute stay under 5 a second and 100 a minute.
    rate: { burst: 4, perMinute: 58 },
    digestBytes: MAX_BYTES - 1000,
    async send(message, signal) {
      const { title, lines } = wordsOf(message, language)
      const [first] = message.notifications
      const card = {
        header: { title: { tag: 'plain_text', content: fit(title, 400) }, template: COLOUR[first.urgency] },
        elements: [
          { tag: 'div', text: { tag: 'plain_text', content: fit([title, ...lines].join('\n'), MAX_BYTES) } },
        ],
      }
      const signature = secret === '' ? {} : signatureOf(secret, wallNow())
      const body = { ...signature, msg_type: 'interactive', card }
      return robotOutcome(await post({ url, guard }, JSON.stringify(body), signal), ANSWER)
    },
  }),
})

/** base64(HMAC-SHA256(key = timestamp "\n" secret, nothing)) with the time in s. */
function signatureOf(secret: string, sentAt: number) {
  const timestamp = String(Math.floor(sentAt / 1000))
  const sign = createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64')
  return { timestamp, sign }
}
