import type { Channel } from '#contract/topics.ts'
import type { PointKind } from '#contract/vocabulary.ts'
import {
  decodeMessage,
  type Decoded,
  type LeftOut,
  type RejectedSample,
} from '../../domain/telemetry/decode.ts'
import { rejectMisplaced } from '../../domain/telemetry/misplaced.ts'
import type { Clock, Journal, Quarantine } from '../ports.ts'
import type { RecentMessages } from './recent-messages.ts'
import type { HeardSender } from './unknown-senders.ts'

interface IncomingMessage {
  /** Authenticated: the broker or the route has checked that the sender is this device. */
  readonly deviceId: string
  readonly channel: Channel
  readonly topic: string
  readonly body: Uint8Array
}

export interface IngestOutcome {
  /** Samples taken; 1 for an event, attributes or a status. */
  readonly accepted: number
  readonly rejected: readonly RejectedSample[]
  /** Values of accepted samples that were not kept, the first of them. */
  readonly leftOut?: readonly LeftOut[]
}

/** An error means that nothing is on disk and no acknowledgement may be given. */
type IngestDone = (error?: Error, outcome?: IngestOutcome) => void

interface IngestCounts {
  /** `wellwatch_ingest_messages_total{result}` */
  readonly messages: Readonly<Record<'accepted' | 'set_aside' | 'failed', number>>
  /** `wellwatch_ingest_samples_total` */
  readonly samples: number
  /** Samples more than 5 min ahead of the server's clock. */
  readonly inFuture: number
}

export interface IngestParts {
  readonly journal: Pick<Journal, 'append'>
  readonly quarantine: Quarantine
  readonly clock: Clock
  /** At what kind of asset the registry has the device; `unplaced`: it has a secret and stands nowhere. */
  readonly standing: (deviceId: string) => PointKind | 'unplaced' | 'unknown'
  /** Takes what is on disk, decoded, for a consumer in this thread. */
  readonly recent?: RecentMessages
  /** Hears of senders that no asset has. */
  readonly stranger?: (sender: HeardSender) => void
}

export interface Ingest {
  ingest(message: IncomingMessage, done: IngestDone): void
  counts(): IngestCounts
}

const MAX_LEFT_OUT_SHOWN = 20

/**
 * The one door for what devices send, over whatever transport. A message with anything usable in it
 * goes to the journal and is answered when it is on disk. One without is counted, set aside and
 * acknowledged, since the device would resend it for ever.
 */
export function createIngest(parts: IngestParts): Ingest {
  const { journal, quarantine, clock, standing, recent, stranger } = parts
  const messages = { accepted: 0, set_aside: 0, failed: 0 }
  let samples = 0
  let inFuture = 0

  return { ingest, counts: () => ({ messages: { ...messages }, samples, inFuture }) }

  function ingest(message: IncomingMessage, done: IngestDone): void {
    const receivedAt = clock.now()
    const said = decodeMessage(message.channel, message.body, receivedAt)
    const decoded = sortOut(message, said)
    const rejected = 'rejected' in decoded ? decoded.rejected : []
    setAside(message, rejected, receivedAt)
    const leftOut = 'leftOut' in decoded ? noteLeftOut(message, decoded.leftOut, receivedAt) : undefined
    if (decoded.kind === 'malformed') {
      messages.set_aside += 1
      return done(undefined, { accepted: 0, rejected })
    }
    const { deviceId, channel, body } = message
    journal.append({ deviceId, channel, receivedAt, body }, (error, cursor, next) => {
      if (error !== undefined) {
        messages.failed += 1
        return done(error)
      }
      messages.accepted += 1
      recent?.keep({ cursor, next, message: { deviceId, channel, receivedAt }, decoded: said })
      done(undefined, { accepted: countAccepted(decoded), rejected, ...leftOut })
    })
  }

  function sortOut({ deviceId, topic, body }: IncomingMessage, said: Decoded): Decoded {
    const where = standing(deviceId)
    if (where !== 'unplaced' && where !== 'unknown') return rejectMisplaced(said, where)
    const reason = where === 'unplaced' ? 'unplaced_device' : 'unknown_device'
    stranger?.({ clientId: deviceId, reason, topic, body })
    return { kind: 'malformed', rejected: [{ index: 0, reason }] }
  }

  /** One copy of the message for each reason, however many samples share it. */
  function setAside(
    { deviceId, topic, body }: IncomingMessage,
    rejected: readonly RejectedSample[],
    receivedAt: number,
  ): void {
    if (rejected.length === 0) return
    for (const [reason, { length: count }] of Map.groupBy(rejected, (one) => one.reason)) {
      quarantine.setAside({ reason, deviceId, topic, body, receivedAt, count })
    }
  }

  /** The rest of the message is used; what is not must be seen, else a device seems whole that is not. */
  function noteLeftOut(
    { deviceId, topic, body }: IncomingMessage,
    leftOut: readonly LeftOut[],
    receivedAt: number,
  ): Pick<IngestOutcome, 'leftOut'> {
    const first = leftOut.slice(0, MAX_LEFT_OUT_SHOWN)
    const detail = [...new Set(first.map(({ path, why }) => `${path.slice(0, 64)} (${why})`))].join(', ')
    quarantine.setAside({
      reason: 'left_out',
      deviceId,
      topic,
      body,
      receivedAt,
      count: leftOut.length,
      detail,
    })
    return { leftOut: first }
  }

  function countAccepted(decoded: Decoded): number {
    if (decoded.kind !== 'telemetry') return 1
    samples += decoded.samples.length
    for (const sample of decoded.samples) if (sample.inFuture === true) inFuture += 1
    return decoded.samples.length
  }
}
