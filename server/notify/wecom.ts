import { MINUTE } from '../domain/instant.ts'
import { toPeople } from './channel-kind.ts'
import { post } from './post.ts'
import { robotOutcome, type AnswerForm } from './robot-answer.ts'
import { robotSettings } from './setting-types.ts'
import { fit, phonesToRing, wordsOf } from './words.ts'

const MAX_BYTES = 2048
/** 45009 “api freq out of limit”: 20 a minute; -1 “system busy”. */
const ANSWER: AnswerForm = {
  code: 'errcode',
  text: 'errmsg',
  limited: [45_009, 45_033],
  restMs: MINUTE,
  busy: [-1],
}

/**
 * A 企业微信 group robot. Text, not markdown: text alone can call people by their phone number, and what a
 * caller said cannot turn into markup.
 */
export const wecom = toPeople({
  type: 'wecom',
  name: { zh: '企业微信', en: 'WeCom' },
  settings: robotSettings,
  create: ({ url }, { guard, language }) => ({
    rate: { burst: 6, perMinute: 12 },
    digestBytes: MAX_BYTES - 400,
    async send(message, signal) {
      const { title, lines } = wordsOf(message, language)
      const body = {
        msgtype: 'text',
        text: {
          content: fit([title, ...lines].join('\n'), MAX_BYTES),
          mentioned_mobile_list: phonesToRing(message),
        },
      }
      return robotOutcome(await post({ url, guard }, JSON.stringify(body), signal), ANSWER)
    },
  }),
})
