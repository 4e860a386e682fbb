import type { DeviceClock } from '../../domain/telemetry/device-clock.ts'
import { Rows } from '../../domain/telemetry/rows.ts'
import { isFarBehind } from '../far-behind.ts'
import { createRetrier, RETRY_DELAYS, type RetryDelays } from './retry.ts'
import { createReadingMapper, readingsIn, type NamesOfDevices, type Places } from './reading-mapper.ts'
import type { Attempt, Caution } from './attempt.ts'
import { refusedByStore, rejectedRecord, tooManyNames, type Why } from './rejected.ts'
import { StoreDamaged } from '../ports.ts'
import type {
  Cursor,
  JournalReader,
  JournalRecord,
  Log,
  ReadingsWriter,
  Rejected,
  WriteOutcome,
} from '../ports.ts'

/** Where the forwarder stands, and what of devices it needs to know to place what follows as before. */
export interface ForwarderCheckpoint {
  readonly cursor: Cursor
  readonly clocks: readonly (readonly [string, DeviceClock])[]
  /** Absent in checkpoints of former versions. */
  readonly names?: NamesOfDevices
}

export interface CheckpointStore {
  load(): ForwarderCheckpoint | undefined
  /** On disk when it returns. */
  save(checkpoint: ForwarderCheckpoint): void
}

export interface ForwarderProgress {
  /** Everything readable before it is stored. */
  readonly cursor: Cursor
  /** Everything before it need not be read again, even after a crash. */
  readonly savedCursor: Cursor
  readonly messages: number
  /** Of the journal, that the messages took. */
  readonly messageBytes: number
  readonly samples: number
  readonly rejected: number
  /** Bytes of the journal that were deleted before they were stored. */
  readonly lostBytes: number
  readonly writeSeconds: number
  readonly problem?: string
}

export interface ForwarderParts {
  readonly journal: JournalReader
  readonly writer: ReadingsWriter
  readonly checkpoints: CheckpointStore
  readonly places: () => Places
  readonly log: Log
  readonly delays?: RetryDelays
  report(progress: ForwarderProgress): void
  setAside(rejected: readonly Rejected[]): void
  readonly attempt?: Attempt
  readonly caution?: Caution
}

export interface ReadingForwarder {
  catchUp(): Promise<void>
  close(): Promise<void>
}

const READ_BYTES = 1024 * 1024
/** Fewer bytes are a trickle: the next ones may gather before they are written. */
const TRICKLE_BYTES = 256 * 1024
const BATCH_SAMPLES = 5000
/** The checkpoint has the clocks of all devices: with many of them it is saved more seldom, for a thousandth of the time. */
const CHECKPOINT_SHARE = 1000
/** So many times sooner when nothing else is to be done. */
const WHEN_IDLE = 10

/**
 * Forwards the journal to a readings store: read, decode, place, write, move on. An outage is a cursor
 * that waits. The checkpoint is saved now and then; what was written since is written again after a crash,
 * which changes nothing.
 */
export function forwardReadings(parts: ForwarderParts): ReadingForwarder {
  const { journal, writer, checkpoints, log, delays = RETRY_DELAYS } = parts
  const checkpoint = checkpoints.load()
  const mapper = createReadingMapper({
    places: parts.places,
    clocks: checkpoint?.clocks,
    names: checkpoint?.names,
    storedNames: writer.storedNames?.bind(writer),
  })
  const { attempt = { from: 0, next: 0, records: 0 }, caution } = parts
  const batch = new Rows()
  /** What of the journal is in the batch; from -1 on when nothing is. */
  const taken = { from: -1, next: -1 }
  let cursor = checkpoint?.cursor ?? journal.start()
  let savedCursor = cursor
  /** The end of what was on disk when nothing more was found: nothing before it is missing. */
  let seenEnd = cursor
  let checkpointAt = performance.now()
  let checkpointTookMs = 0
  const counts = { messages: 0, messageBytes: 0, samples: 0, rejected: 0, lostBytes: 0, writeSeconds: 0 }
  const rejected: Rejected[] = []
  let mostRecords = cursor < (caution?.until ?? 0) ? (caution?.records ?? Infinity) : Infinity
  let maintenanceProblem: string | undefined
  const waiting = new Set<{ until: Cursor; resolve: () => void }>()
  const retrier = createRetrier({ delays, store: writer.kind, log, onFailure: report })
  const { retryForever, signal } = retrier
  const loop = run()

  return {
    catchUp() {
      return new Promise((resolve) => {
        waiting.add({ until: journal.durableEnd(), resolve })
        retrier.wake()
        settle()
      })
    },
    async close() {
      retrier.stop()
      await loop
      for (const { resolve } of waiting) resolve()
    },
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const end = journal.durableEnd()
      taken.from = -1
      attempt.records = 0
      if ((await retryForever(() => journal.visit(cursor, READ_BYTES, take))) === undefined) break
      if (taken.from < 0) {
        seenEnd = end
        await rest()
        continue
      }
      if (rejected.length > 0) parts.setAside(rejected.splice(0))
      noteLoss(taken.from)
      if (!(await write())) break
      await moveTo(taken.next)
      const trickles = taken.next >= end && taken.next - taken.from < TRICKLE_BYTES
      if (trickles && waiting.size === 0) await retrier.debounce()
    }
    try {
      if (cursor > savedCursor) saveCheckpoint()
    } catch (error) {
      log.error({ err: error }, 'the place in the journal could not be saved; some will be stored again')
    }
    await writer.close()
  }

  /** Places a record; false when the batch is full. */
  function take(record: JournalRecord): boolean {
    const { cursor: from, next } = record
    if (taken.from < 0) taken.from = from
    taken.next = next
    attempt.from = taken.from
    attempt.next = next
    attempt.records += 1
    counts.messages++
    counts.messageBytes += next - from
    if (caution?.skip.includes(from) === true) reject(record, { reason: 'unstorable' })
    else place(record)
    return batch.count < BATCH_SAMPLES && attempt.records < mostRecords
  }

  function place(record: JournalRecord): void {
    try {
      const leftOut = mapper.place(record, batch)
      if (leftOut.length > 0) reject(record, tooManyNames(leftOut))
    } catch (error) {
      // One message must not hold up everything behind it.
      log.error({ err: error, deviceId: record.deviceId }, 'a message cannot be read')
      reject(record, { reason: 'unstorable', detail: String(error) })
    }
  }

  function reject(record: JournalRecord, why: Why): void {
    counts.rejected += why.count ?? 1
    rejected.push(rejectedRecord(record, why))
  }

  async function moveTo(next: Cursor): Promise<void> {
    batch.clear()
    attempt.records = 0
    mapper.stored()
    cursor = next
    // The next thread, should this one die, begins right before what it dies of.
    const isCareful = mostRecords < Infinity
    mostRecords = cursor < (caution?.until ?? 0) ? 2 * mostRecords : Infinity
    const isPressing = isFarBehind(journal, cursor, savedCursor)
    if (isCareful || isPressing || sinceCheckpointMs() > checkpointEveryMs())
      await retryForever(saveCheckpoint)
    report()
    settle()
  }

  /** False when it was told to stop before the store took the batch. */
  async function write(): Promise<boolean> {
    if (batch.count === 0) return true
    const started = performance.now()
    const outcome = await retryForever(writing())
    if (outcome === undefined) return false
    counts.writeSeconds += (performance.now() - started) / 1000
    counts.samples += batch.count
    counts.rejected += outcome.rejected.length
    if (outcome.rejected.length > 0) parts.setAside(outcome.rejected.map(refusedByStore))
    // What is stored has killed nobody.
    attempt.records = 0
    maintain()
    return true
  }

  function writing(): () => Promise<WriteOutcome> {
    const { owners } = mapper
    const readings = writer.writeRows === undefined ? readingsIn(batch, owners) : []
    return () => writer.writeRows?.(batch, owners) ?? writer.write(readings)
  }

  /** Nothing to read: maintenance first, then wait for more. */
  async function rest(): Promise<void> {
    settle()
    if (maintain()) return
    const leftMs =
      cursor > savedCursor ? checkpointEveryMs() / WHEN_IDLE - sinceCheckpointMs() : delays.checkpointMs
    if (leftMs <= 0) await retryForever(saveCheckpoint)
    report()
    const timeout = AbortSignal.timeout(leftMs > 0 ? Math.ceil(leftMs) : delays.checkpointMs)
    await journal.waitBeyond(cursor, AbortSignal.any([signal, timeout]))
  }

  /** True while there is more of it. That it fails must not keep readings from being stored. */
  function maintain(): boolean {
    try {
      const more = writer.maintain?.() ?? false
      maintenanceProblem = undefined
      return more
    } catch (error) {
      if (error instanceof StoreDamaged) throw error
      if (maintenanceProblem === undefined)
        log.error({ err: error, store: writer.kind }, 'maintenance failed')
      maintenanceProblem = error instanceof Error ? error.message : String(error)
      return false
    }
  }

  function noteLoss(found: Cursor): void {
    const lost = Math.min(journal.start(), found) - cursor
    if (lost <= 0) return
    counts.lostBytes += lost
    log.error({ lostBytes: lost }, 'the journal was full: samples went before they were stored')
  }

  function sinceCheckpointMs(): number {
    return performance.now() - checkpointAt
  }

  function checkpointEveryMs(): number {
    // The journal keeps all behind the checkpoint: one that took long on a slow disk must not let it fill up.
    return Math.max(
      delays.checkpointMs,
      Math.min(delays.maxCheckpointMs, CHECKPOINT_SHARE * checkpointTookMs),
    )
  }

  function saveCheckpoint(): true {
    const started = performance.now()
    writer.sync?.()
    checkpoints.save({ cursor, clocks: mapper.clocks(), names: mapper.names() })
    savedCursor = cursor
    checkpointAt = performance.now()
    checkpointTookMs = checkpointAt - started
    return true
  }

  function report(): void {
    const wrong = retrier.problem() ?? maintenanceProblem
    const progress = { cursor: Math.max(cursor, seenEnd), savedCursor, ...counts }
    parts.report(wrong === undefined ? progress : { ...progress, problem: wrong })
  }

  function settle(): void {
    const reached = Math.max(cursor, seenEnd)
    for (const waiter of waiting) {
      if (waiter.until > reached) continue
      waiting.delete(waiter)
      report()
      waiter.resolve()
    }
  }
}
