import { channelTopic } from '#contract/topics.ts'
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
