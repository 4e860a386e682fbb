import type { Channel } from '#contract/topics.ts'
import { MAX_BODY_BYTES, MAX_SAMPLES_PER_MESSAGE, type RejectReason } from '#contract/telemetry.ts'
import { DEVICE_EVENTS, type DeviceEvent } from '#contract/vocabulary.ts'
import type { Instant } from '../instant.ts'
import { isObject, parseBody } from './body.ts'
import { decodeAttributes, type Attributes } from './attributes.ts'
import { judgeTime } from './device-time.ts'
import type { Sample } from './reading.ts'
import { decodeFast } from './fast-decoder.ts'
import { checkValues, type Values } from './values.ts'

export interface RejectedSample {
  /** Position in the message's array; 0 where it is no array. */
  readonly index: number
  readonly reason: RejectReason
}

/** A value of an accepted sample that nothing is made of. */
export interface LeftOut {
  /** Of its sample. */
  readonly index: number
  readonly path: string
  readonly why: RejectReason
}

/** What a device's message says. `malformed`: nothing of it can be used. */
export type Decoded =
  | {
      readonly kind: 'telemetry'
      readonly samples: readonly Sample[]
      readonly rejected: readonly RejectedSample[]
      readonly leftOut?: readonly LeftOut[]
    }
  | {
      readonly kind: 'event'
      readonly event: DeviceEvent
      readonly sample: Sample
      readonly leftOut?: readonly LeftOut[]
    }
  | { readonly kind: 'attributes'; readonly attributes: Attributes }
  | { readonly kind: 'status'; readonly state: 'online' | 'offline' }
  | { readonly kind: 'malformed'; readonly rejected: readonly RejectedSample[] }

/**
 * Reads a message of a device. Pure: the journal's consumers decode the same bytes with the
 * same time of arrival again and come to the same samples as the door did.
 */
export function decodeMessage(channel: Channel, body: Uint8Array, receivedAt: Instant): Decoded {
  const plain = channel === 'telemetry' ? decodePlainly(body, receivedAt) : undefined
  if (plain !== undefined) return plain
  const parsed = parseBody(body)
  if (!parsed.ok) return malformed(parsed.reason)
  switch (channel) {
    case 'telemetry':
      return decodeTelemetry(parsed.value, receivedAt)
    case 'event':
      return decodeEvent(parsed.value, receivedAt)
    case 'attributes':
      return decodeAttributesMessage(parsed.value)
    case 'status':
      return decodeStatus(parsed.value)
  }
}

/** Undefined where anything about it is unusual. */
function decodePlainly(body: Uint8Array, receivedAt: Instant): Decoded | undefined {
  if (body.length > MAX_BODY_BYTES) return undefined
  const samples = decodeFast(body)
  if (samples?.every(({ ts }) => judgeTime(ts, receivedAt) === 'good') !== true) return undefined
  return { kind: 'telemetry', samples, rejected: [] }
}

function malformed(reason: RejectReason): Decoded {
  return { kind: 'malformed', rejected: [{ index: 0, reason }] }
}

function decodeTelemetry(value: unknown, receivedAt: Instant): Decoded {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (items.length > MAX_SAMPLES_PER_MESSAGE) return malformed('too_many_samples')
  if (items.length === 0) return malformed('no_values')
  const samples: Sample[] = []
  const rejected: RejectedSample[] = []
  const leftOut: LeftOut[] = []
  for (const [index, item] of items.entries()) {
    const left: LeftOut[] = []
    const sample = decodeSample(item, receivedAt, (path, why) => left.push({ index, path, why }))
    if (typeof sample === 'string') rejected.push({ index, reason: sample })
    else {
      samples.push(sample)
      leftOut.push(...left)
    }
  }
  if (samples.length === 0) return { kind: 'malformed', rejected }
  return { kind: 'telemetry', samples, rejected, ...(leftOut.length === 0 ? {} : { leftOut }) }
}

/** `{values, ts?, seq?}` or flat `{signal: value, …, seq?}`; a flat one with `ts` is ambiguous. */
function decodeSample(
  item: unknown,
  receivedAt: Instant,
  leave: (path: string, why: RejectReason) => void,
): Sample | RejectReason {
  if (!isObject(item)) return 'wrong_shape'
  const timed = Object.hasOwn(item, 'values')
  const raw = timed ? item['values'] : item
  if (!isObject(raw)) return 'wrong_shape'
  if (!timed && Object.hasOwn(item, 'ts')) return 'wrong_shape'
  const keys = Object.keys(raw)
  const values = checkValues(raw, timed ? keys : keys.filter((key) => key !== 'seq'), leave)
  if (typeof values === 'string') return values
  const seq = Number.isSafeInteger(item['seq']) ? { seq: item['seq'] as number } : undefined
  if (!timed || !Object.hasOwn(item, 'ts')) return { ts: undefined, values, ...seq }
  const ts = item['ts'] as number
  const verdict = judgeTime(ts, receivedAt)
  if (verdict === 'good') return { ts, values, ...seq }
  return verdict === 'future' ? { ts, inFuture: true, values, ...seq } : verdict
}

/** Before this no device of ours was built: an older time is a clock that was never set. */
const FIRST_POSSIBLE_TIME = Date.UTC(2020, 0, 1)

/**
 * An event is an alarm of now. A clock that was never set, or counts in another unit, must not hide
 * an open manhole: then the server's time holds. Neither must bad values beside it: they are left out.
 */
function decodeEvent(value: unknown, receivedAt: Instant): Decoded {
  if (!isObject(value) || typeof value['event'] !== 'string') return malformed('wrong_shape')
  const event = DEVICE_EVENTS.find((known) => known === value['event'])
  if (event === undefined) return malformed('unknown_event')
  const left: LeftOut[] = []
  const values = valuesBeside(value['values'], left)
  const leftOut = left.length === 0 ? {} : { leftOut: left }
  const ts = value['ts']
  if (ts === undefined) return { kind: 'event', event, sample: { ts: undefined, values }, ...leftOut }
  const verdict = judgeTime(ts, receivedAt)
  if (verdict === 'good') return { kind: 'event', event, sample: { ts: ts as number, values }, ...leftOut }
  if (verdict === 'future') {
    return { kind: 'event', event, sample: { ts: ts as number, inFuture: true, values }, ...leftOut }
  }
  if (verdict === 'too_old' && (ts as number) >= FIRST_POSSIBLE_TIME) return malformed('too_old')
  return { kind: 'event', event, sample: { ts: undefined, timeUnusable: true, values }, ...leftOut }
}

function valuesBeside(raw: unknown, leftOut: LeftOut[]): Values {
  if (!isObject(raw)) return {}
  const checked = checkValues(raw, Object.keys(raw), (path, why) => leftOut.push({ index: 0, path, why }))
  if (typeof checked !== 'string') return checked
  if (leftOut.length === 0) leftOut.push({ index: 0, path: 'values', why: checked })
  return {}
}

function decodeAttributesMessage(value: unknown): Decoded {
  const attributes = decodeAttributes(value)
  return typeof attributes === 'string' ? malformed(attributes) : { kind: 'attributes', attributes }
}

function decodeStatus(value: unknown): Decoded {
  const state = isObject(value) ? value['state'] : undefined
  return state === 'online' || state === 'offline' ? { kind: 'status', state } : malformed('wrong_shape')
}
