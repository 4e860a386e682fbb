import { MAX_TRANSLATED } from '#contract/profiles.ts'
import { MAX_SIGNALS_PER_SAMPLE, type RejectReason } from '#contract/telemetry.ts'
import type { LocalizedText } from '#contract/text.ts'
import { DEVICE_EVENTS, type DeviceEvent } from '#contract/vocabulary.ts'
import { parseInstantOfAnyYear, type Instant } from '../instant.ts'
import { isObject } from '../telemetry/body.ts'
import { checkValues, type Values } from '../telemetry/values.ts'
import { plainAlias } from './alias.ts'
import { ourValues } from './signal-words.ts'

/** What a foreign message says of one device. */
export interface TranslatedMessage {
  /** As `plainAlias` writes it. */
  readonly alias: string
  /** ms; undefined: the message carries no time. */
  readonly ts?: Instant
  readonly values: Values
  readonly event?: DeviceEvent
}

/** A value that nothing is made of; `path` begins with the place of its message where there are several. */
interface LeftOutValue {
  readonly path: string
  readonly why: RejectReason
}

/** `not-understood`: another profile may understand the message; nobody is to blame. */
export type Translation =
  | {
      readonly kind: 'understood'
      readonly messages: readonly TranslatedMessage[]
      readonly leftOut: readonly LeftOutValue[]
    }
  | { readonly kind: 'not-understood'; readonly said: LocalizedText }

const NOTHING: LocalizedText = {
  zh: '表达式没有给出结果: 配置不认识这条报文',
  en: 'the expression gives nothing: this profile does not understand the message',
}
const MAX_LEFT_OUT = 50
const MAX_KEYS = 4 * MAX_SIGNALS_PER_SAMPLE

/** Reads what an expression gave, whatever it gave: a stranger wrote it. Names and units become ours here. */
export function readTranslation(given: unknown): Translation {
  if (given === undefined || given === null) return { kind: 'not-understood', said: NOTHING }
  const items: readonly unknown[] = Array.isArray(given) ? given.flat(2) : [given]
  if (items.length > MAX_TRANSLATED)
    return wrong({
      zh: `表达式给出了 ${String(items.length)} 条, 最多 ${String(MAX_TRANSLATED)} 条`,
      en: `the expression gives ${String(items.length)} messages; ${String(MAX_TRANSLATED)} are the most`,
    })
  const messages: TranslatedMessage[] = []
  const leftOut: LeftOutValue[] = []
  for (const [index, item] of items.entries()) {
    const where = items.length === 1 ? '' : `[${String(index)}].`
    const read = readOne(item, (path, why) => {
      if (leftOut.length < MAX_LEFT_OUT) leftOut.push({ path: `${where}${path.slice(0, 64)}`, why })
    })
    if ('zh' in read)
      return wrong(items.length === 1 ? read : { zh: `${where} ${read.zh}`, en: `${where} ${read.en}` })
    messages.push(read)
  }
  return { kind: 'understood', messages, leftOut }
}

function wrong(said: LocalizedText): Translation {
  return { kind: 'not-understood', said }
}

function readOne(
  item: unknown,
  leave: (path: string, why: RejectReason) => void,
): TranslatedMessage | LocalizedText {
  if (!isObject(item))
    return {
      zh: '表达式应给出 {alias, ts, values, event}',
      en: 'the expression has to give {alias, ts, values, event}',
    }
  const alias = typeof item['alias'] === 'string' ? plainAlias(item['alias']) : undefined
  if (alias === undefined)
    return {
      zh: 'alias 应为 dev_eui:、imei:、serial: 或 name: 加设备在平台上的标识',
      en: 'alias has to be dev_eui:, imei:, serial: or name: and what the platform calls the device',
    }
  const ts = item['ts'] === undefined || item['ts'] === null ? undefined : instantOf(item['ts'])
  if (ts === 'wrong')
    return {
      zh: 'ts 应为毫秒数或带时区的 ISO 8601 时间',
      en: 'ts has to be milliseconds or a time by ISO 8601 with its zone',
    }
  const event = DEVICE_EVENTS.find((known) => known === item['event'])
  if (item['event'] !== undefined && item['event'] !== null && event === undefined)
    return {
      zh: `event 应为 ${DEVICE_EVENTS.join('、')} 之一`,
      en: `event has to be one of ${DEVICE_EVENTS.join(', ')}`,
    }
  const values = readValues(item['values'], leave)
  if ('zh' in values) return values as LocalizedText
  if (event === undefined && Object.keys(values).length === 0)
    return { zh: '没有可用的数值,也没有事件', en: 'there is no value that can be used, and no event' }
  return {
    alias,
    ...(ts === undefined ? {} : { ts }),
    values: values as Values,
    ...(event === undefined ? {} : { event }),
  }
}

function readValues(raw: unknown, leave: (path: string, why: RejectReason) => void): Values | LocalizedText {
  if (raw === undefined || raw === null) return {}
  if (!isObject(raw)) return { zh: 'values 应为 {信号: 数值}', en: 'values has to be {signal: value}' }
  if (Object.keys(raw).length > MAX_KEYS)
    return { zh: `values 最多 ${String(MAX_KEYS)} 项`, en: `values has ${String(MAX_KEYS)} entries at most` }
  const kept: Record<string, number | boolean> = {}
  let count = 0
  for (const [name, value] of Object.entries(ourValues(raw))) {
    // One at a time: a wrong one takes no other with it.
    const checked = checkValues({ [name]: value }, [name])
    if (typeof checked === 'string') leave(name, checked)
    else if (count >= MAX_SIGNALS_PER_SAMPLE) leave(name, 'too_many_signals')
    else {
      count += 1
      Object.assign(kept, checked)
    }
  }
  return kept
}

/** ms as they are, or ISO 8601 with any number of digits behind the second. */
function instantOf(raw: unknown): Instant | 'wrong' {
  if (typeof raw === 'number') return Number.isFinite(raw) ? Math.floor(raw) : 'wrong'
  if (typeof raw !== 'string' || raw.length > 40) return 'wrong'
  if (/^\d{13}$/.test(raw)) return Number(raw)
  return parseInstantOfAnyYear(raw.replace(/(\.\d{3})\d+/, '$1')) ?? 'wrong'
}
