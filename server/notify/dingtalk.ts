import { createHmac } from 'node:crypto'
import { MINUTE } from '../domain/instant.ts'
import { toPeople } from './channel-kind.ts'
import { post } from './post.ts'
import { robotOutcome, type AnswerForm } from './robot-answer.ts'
import { robotSettings } from './setting-types.ts'
import { fit, phonesToRing, wordsOf } from './words.ts'

const MAX_BYTES = 6000
/** Over 20 a minute (130101 “send too fast”, 410100) it takes nothing for ten minutes; -1 “system busy”. */
const ANSWER: AnswerForm = {
  code: 'errcode',
  text: 'errmsg',
  limited: [130_101, 410_100, 90_018, 90_030],
  restMs: 10 * MINUTE,
  busy: [-1],
}

/** A 钉钉 group robot, signed. Text, as at WeCom; a person is called only where the text has `@number` too. */
export const dingtalk = toPeople({
  type: 'dingtalk',
  name: { zh: '钉钉', en: 'DingTalk' },
  settings: robotSettings,
  create: ({ url, secret = '' }, { guard, language, wallNow }) => ({
    rate: { burst: 6, perMinute: 12 },
    digestBytes: MAX_BYTES - 1000,
    async send(message, signal) {
      const { title, lines } = wordsOf(message, language)
      const atMobiles = phonesToRing(message)
      const called = atMobiles.map((phone) => `@${phone}`).join(' ')
      const content = fit([title, ...lines, ...(called === '' ? [] : [called])].join('\n'), MAX_BYTES)
      const body = { msgtype: 'text', text: { content }, at: { atMobiles, isAtAll: false } }
      const target = secret === '' ? url : signed(url, secret, wallNow())
      return robotOutcome(await post({ url: target, guard }, JSON.stringify(body), signal), ANSWER)
    },
  }),
})

/** base64(HMAC-SHA256(secret, timestamp "\n" secret)) with the time in ms, good for an hour. */
function signed(address: string, secret: string, sentAt: number): string {
  const url = new URL(address)
  const sign = createHmac('sha256', secret)
    .update(`${String(sentAt)}\n${secret}`)
    .digest('base64')
  url.searchParams.set('timestamp', String(sentAt))
  url.searchParams.set('sign', sign)
  return url.href
}
