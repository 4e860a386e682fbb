import type { MessageChannel } from '../flows/notification/outbox.ts'
import { MINUTE } from '../domain/instant.ts'
import type { ChannelParts } from './channel-parts.ts'
import { postJson } from './post-json.ts'
import { robotOutcome, type AnswerForm } from './robot-answer.ts'
import { fit, phonesToRing, wordsOf } from './words.ts'

const MOST_BYTES = 2048
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
export function wecomChannel(parts: ChannelParts): MessageChannel {
  const { scope, url, guard, language } = parts
  return {
    ...scope,
    type: 'wecom',
    rate: { burst: 6, perMinute: 12 },
    digestBytes: MOST_BYTES - 400,
    async send(message, signal) {
      const { title, lines } = wordsOf(message, language)
      const body = {
        msgtype: 'text',
        text: {
          content: fit([title, ...lines].join('\n'), MOST_BYTES),
          mentioned_mobile_list: phonesToRing(message),
        },
      }
      return robotOutcome(await postJson({ url, guard }, JSON.stringify(body), signal), ANSWER)
    },
  }
}
