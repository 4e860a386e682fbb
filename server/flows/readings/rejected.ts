import { channelTopic } from '#contract/topics.ts'
import type { Instant } from '../../domain/instant.ts'
import type { JournalRecord, Rejected, WriteOutcome } from '../ports.ts'

export type Why = Pick<Rejected, 'reason' | 'count' | 'detail'>

/** A message of the journal of which something, or all, is not stored. */
export function rejectedRecord(record: JournalRecord, why: Why): Rejected {
  const { deviceId, channel, receivedAt, bytes, body, end } = record
  return {
    deviceId,
    topic: channelTopic(deviceId, channel),
    receivedAt,
    body: bytes.slice(body, end),
    ...why,
  }
}

const NAMES_SHOWN = 5

/** Why values were left out whose names are beyond what a device may have; one name for each value. */
export function tooManyNames(names: readonly string[]): Why {
  const detail = [...new Set(names)].slice(0, NAMES_SHOWN).join(', ')
  return { reason: 'too_many_names', count: names.length, detail }
}

/** Values that were stored once and are kept no longer, as a message; one name for each of them. */
export function namesNotKept(deviceId: string, names: readonly string[], newest: Instant): Rejected {
  const topic = channelTopic(deviceId, 'telemetry')
  return { deviceId, topic, body: new Uint8Array(), receivedAt: newest, ...tooManyNames(names) }
}

/** A reading that the store does not take, as the message that it might have come in. */
export function refusedByStore({ reading, reason }: WriteOutcome['rejected'][number]): Rejected {
  const { deviceId, at, fields } = reading
  return {
    reason: 'store_refused',
    deviceId,
    topic: channelTopic(deviceId, 'telemetry'),
    body: Buffer.from(JSON.stringify({ ts: at, values: fields })),
    receivedAt: at,
    detail: reason,
  }
}
