import { maskAnyNumber } from '../access/mask-text.ts'
import type { Call } from './call.ts'
import type { Intake } from './intake.ts'

/** What another call centre may change of its entry, by the words of the intake form. */
const FIELDS = {
  kind: '类别',
  contact: '诉求类型',
  receivedAt: '来电时间',
  address: '地址',
  position: '位置',
  assetId: '设施',
  callerName: '联系人',
  callerPhone: '联系电话',
  beganAt: '发生时间',
  scene: '现场情况',
  description: '内容',
  hot: '热点',
} as const satisfies Partial<Record<keyof Call, string>>

const MAX_WORDS = 10_000

/**
 * A changed entry of the other system: the call with its newest particulars, and the note for its ticket. The
 * note names fields and no content: events last for ever, a caller must be forgotten after a while.
 */
export function externalNews(call: Call, now: Intake): { readonly call: Call; readonly text: string } {
  const names = Object.keys(FIELDS) as (keyof typeof FIELDS)[]
  const changed = names.filter(
    (name) => now[name] !== undefined && JSON.stringify(now[name]) !== JSON.stringify(call[name]),
  )
  const { address, callerName = call.callerName, callerPhone } = now
  const scene = below(call.scene, now.scene)
  const description = below(call.description, now.description)
  return {
    call: {
      ...call,
      address,
      callerPhone,
      ...(callerName === undefined ? {} : { callerName }),
      ...(scene === undefined ? {} : { scene }),
      ...(description === undefined ? {} : { description }),
    },
    text: noteText(call.externalNumber ?? '', changed.map((name) => FIELDS[name]).join('、')),
  }
}

/** What was said first stays: the news stand below it. */
function below(first: string | undefined, then: string | undefined): string | undefined {
  if (then === undefined || first?.includes(then) === true) return first
  return first === undefined ? then : `${first}\n${then}`.slice(-MAX_WORDS)
}

const noteText = (number: string, news: string) => `外部工单 ${number} 已更新${news === '' ? '' : `:${news}`}`

/** Earlier notes held the whole content, the caller's number too: read without any number. */
export function withoutNumbers(text: string): string {
  const [, head, news] = /^(外部工单 .{1,100}? 已更新:)(.*)$/su.exec(text) ?? []
  return head === undefined || news === undefined ? text : head + maskAnyNumber(news)
}
