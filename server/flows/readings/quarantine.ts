import { REJECT_REASONS, type RejectReason } from '#contract/telemetry.ts'
import { DAY, type Instant } from '../../domain/instant.ts'
import type { Quarantine } from '../ports.ts'
import type { Memory } from './keep-memories.ts'
import { printable } from './printable.ts'

/** A message as it was set aside, its body cut. */
interface SetAsideMessage {
  readonly deviceId: string
  readonly topic: string
  readonly receivedAt: Instant
  /** Its first bytes, made printable. */
  readonly body: string
  readonly bodyBytes: number
  readonly detail?: string
}

/** A device that sends what cannot be used. */
export interface FaultySender {
  readonly deviceId: string
  /** Messages set aside since it last was good for a day. */
  readonly count: number
  readonly lastReason: RejectReason
  readonly lastAt: Instant
}

interface SavedQuarantine {
  readonly messages: readonly (readonly [RejectReason, readonly SetAsideMessage[]])[]
  readonly senders: readonly FaultySender[]
}

export interface OpenQuarantine extends Quarantine, Memory<SavedQuarantine> {
  /** The newest messages of a reason, newest first. */
  samples(reason: RejectReason): readonly SetAsideMessage[]
  /** Every sender whose newest bad message is less than a day old, newest first. */
  senders(now: Instant): readonly FaultySender[]
  /** Devices to look after: several bad messages, the newest less than a day ago. */
  flagged(now: Instant): readonly FaultySender[]
  /** `wellwatch_ingest_rejected_total{reason}`: values, samples, or whole messages where they have none. */
  counts(): Readonly<Record<RejectReason, number>>
}

const KEPT_A_REASON = 20
const KEPT_BODY_BYTES = 1024
const MAX_DEVICES = 10_000
const FLAGGED_FROM = 3
/** The rest of such a message is used: its sender is no worry, but somebody may miss something. */
const NEVER_FLAGGED: RejectReason = 'left_out'
/** These do not happen to a device that works: one is enough. */
const FLAGGED_AT_ONCE: ReadonlySet<RejectReason> = new Set(['too_many_names', 'unstorable'])

/** What is set aside was never promised: it is on disk a few seconds later, not at once. */
export function createQuarantine(): OpenQuarantine {
  const messages = new Map<RejectReason, SetAsideMessage[]>()
  const senders = new Map<string, FaultySender>()
  const counts = Object.fromEntries(REJECT_REASONS.map((reason) => [reason, 0])) as Record<
    RejectReason,
    number
  >

  return {
    setAside({ reason, deviceId, topic, body, receivedAt, detail, count = 1 }) {
      counts[reason] += count
      const kept = messages.get(reason) ?? []
      messages.set(reason, kept)
      kept.unshift({
        deviceId,
        topic: topic.slice(0, 256),
        receivedAt,
        body: printable(body, KEPT_BODY_BYTES),
        bodyBytes: body.length,
        ...(detail === undefined ? {} : { detail }),
      })
      if (kept.length > KEPT_A_REASON) kept.pop()
      countSender(deviceId, reason, receivedAt)
    },
    samples: (reason) => messages.get(reason) ?? [],
    senders: ofToday,
    flagged: (now) =>
      ofToday(now).filter(
        ({ count, lastReason }) =>
          lastReason !== NEVER_FLAGGED && (count >= FLAGGED_FROM || FLAGGED_AT_ONCE.has(lastReason)),
      ),
    counts: () => ({ ...counts }),
    snapshot: () => ({ messages: [...messages], senders: [...senders.values()] }),
    restore(saved) {
      for (const [reason, kept] of saved.messages) messages.set(reason, [...kept])
      for (const sender of saved.senders) senders.set(sender.deviceId, sender)
    },
  }

  function ofToday(now: Instant): readonly FaultySender[] {
    return [...senders.values()].filter(({ lastAt }) => now - lastAt < DAY).reverse()
  }

  function countSender(deviceId: string, lastReason: RejectReason, lastAt: Instant): void {
    const known = senders.get(deviceId)
    const goodSince = known === undefined || lastAt - known.lastAt >= DAY
    // What is worse stays to be seen.
    if (lastReason === NEVER_FLAGGED && !goodSince && known.lastReason !== NEVER_FLAGGED) return
    // Deleted first, so that the map's order is that of the last message and the oldest falls out.
    senders.delete(deviceId)
    senders.set(deviceId, { deviceId, count: goodSince ? 1 : known.count + 1, lastReason, lastAt })
    const [oldest] = senders.keys()
    if (senders.size > MAX_DEVICES && oldest !== undefined) senders.delete(oldest)
  }
}
