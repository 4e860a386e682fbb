import { MAX_BODY_BYTES } from '#contract/telemetry.ts'
import type { Instant } from '../instant.ts'
import { observeClock, type DeviceClock } from './device-clock.ts'
import { judgeTime } from './device-time.ts'
import { decodeFastInto } from './fast-decoder.ts'
import { correctedTime } from './sample-time.ts'
import type { Rows } from './rows.ts'

/** A telemetry message whose body is the bytes [body, end). */
export interface BodyInBytes {
  readonly receivedAt: Instant
  readonly bytes: Uint8Array
  readonly body: number
  readonly end: number
}

/**
 * Adds the samples of a message to rows, at corrected times, and says what the message taught about the
 * device's clock: what `decodeMessage`, `learnClock` and `sampleTime` come to, without an object on the
 * way. Undefined, with the rows as they were, where anything about the message is unusual.
 */
export function addFastRows(
  rows: Rows,
  owner: number,
  { bytes, body, end, receivedAt }: BodyInBytes,
  clock: DeviceClock,
): DeviceClock | undefined {
  const first = rows.count
  if (end - body > MAX_BODY_BYTES || !decodeFastInto(rows, bytes, body, end)) return undefined
  let newest = -Infinity
  for (let row = first; row < rows.count; row += 1) {
    const ts = rows.at[row] ?? 0
    if (judgeTime(ts, receivedAt) !== 'good') {
      rows.cutTo(first)
      return undefined
    }
    if (ts > newest) newest = ts
  }
  const learned = observeClock(clock, receivedAt, newest)
  for (let row = first; row < rows.count; row += 1) {
    rows.owner[row] = owner
    rows.at[row] = correctedTime(rows.at[row] ?? 0, learned, receivedAt)
  }
  return learned
}
