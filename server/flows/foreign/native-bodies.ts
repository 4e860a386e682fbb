import { MAX_BODY_BYTES, MAX_SAMPLES_PER_MESSAGE } from '#contract/telemetry.ts'
import type { Channel } from '#contract/topics.ts'
import type { Instant } from '../../domain/instant.ts'
import { withLid } from '../../domain/telemetry/lid-event.ts'
import type { TranslatedMessage } from '../../domain/translation/read-translation.ts'
import { settleValues } from '../../domain/translation/signal-words.ts'

/** A message as a device of ours would have sent it. */
export interface NativeMessage {
  readonly channel: Extract<Channel, 'telemetry' | 'event'>
  readonly body: Uint8Array
}

/** Values of one instant; without `ts` the time of arrival holds. */
interface TimedValues {
  readonly ts?: Instant
  readonly values: TranslatedMessage['values']
}

/**
 * What one foreign message says of one device, as few messages of ours: its samples together, then its events,
 * which confirm at once and have to be seen as such.
 * @param signals what the device is said to bring
 */
export function nativeMessages(
  said: readonly TranslatedMessage[],
  signals: readonly string[],
): readonly NativeMessage[] {
  const samples = said.filter(({ event }) => event === undefined)
  const events = said.filter(({ event }) => event !== undefined)
  return [
    ...telemetry(samples.map(({ ts, values }) => timed(ts, settleValues(values, signals)))),
    ...events.map(({ ts, values, event }) => ({
      channel: 'event' as const,
      body: Buffer.from(JSON.stringify({ ...timed(ts, settleValues(values, signals)), event })),
    })),
  ]
}

/** What was said in the past, each with its own time, ms. */
export type PastMessage = TranslatedMessage & { readonly ts: Instant }

/**
 * The past of a device as late readings: no event among them, since what happened is over, and the newest first, so
 * that the state is the newest one's whatever comes behind.
 */
export function lateMessages(
  past: readonly PastMessage[],
  signals: readonly string[],
): readonly NativeMessage[] {
  const samples = past
    .map(({ event, ts, values }) =>
      event === undefined ? { ts, values } : { ...withLid(event, { ts, values }), ts },
    )
    .filter(({ values }) => Object.keys(values).length > 0)
    .sort((a, b) => b.ts - a.ts)
  return telemetry(samples.map(({ ts, values }) => timed(ts, settleValues(values, signals))))
}

function timed(ts: Instant | undefined, values: TimedValues['values']): TimedValues {
  return ts === undefined ? { values } : { ts, values }
}

/** As few arrays as the limits of a message allow, in this order. */
function telemetry(samples: readonly TimedValues[]): readonly NativeMessage[] {
  const bodies: string[][] = []
  let bytes = Infinity
  for (const sample of samples) {
    const text = JSON.stringify(sample)
    const current = bodies.at(-1)
    bytes += text.length + 1
    if (current === undefined || bytes > MAX_BODY_BYTES - 2 || current.length >= MAX_SAMPLES_PER_MESSAGE) {
      bodies.push([text])
      bytes = text.length + 1
    } else current.push(text)
  }
  return bodies.map((texts) => ({
    channel: 'telemetry' as const,
    body: Buffer.from(texts.length === 1 ? (texts[0] ?? '') : `[${texts.join(',')}]`),
  }))
}
