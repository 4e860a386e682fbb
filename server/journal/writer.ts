import { JournalFull, type AppendDone, type Cursor, type Log } from '../flows/ports.ts'
import type { DeviceMessage } from '../domain/telemetry/reading.ts'
import type { ActiveSegment, SegmentSource } from './active.ts'
import { createBatch, type Batch } from './batch.ts'
import { isNoRoom } from './disk.ts'
import { MAX_RECORD_BYTES, recordBytes } from './record.ts'
import { HEADER_BYTES } from './segment.ts'
import type { SharedState } from './shared.ts'

export interface WriterParts {
  readonly source: SegmentSource
  readonly state: SharedState
  readonly salt: number
  readonly maxPendingBytes: number
  readonly maxWaitingBytes: number
  readonly nextBase: Cursor
  readonly log: Log
}

/** After a refusal the disk is left alone for so long, unless a consumer makes progress. */
const RETRY_AFTER_MS = 250

interface Waiting {
  readonly message: DeviceMessage
  readonly done: AppendDone
  readonly bytes: number
}

/**
 * Group commit: what arrives while a commit is under way goes into the next one, in one write. A burst
 * that one group cannot hold waits for its turn: a town that reconnects after a power cut is not sent away.
 */
export function createWriter(parts: WriterParts) {
  const { source, state, salt, maxPendingBytes, maxWaitingBytes, nextBase, log } = parts
  let collecting = createBatch(maxPendingBytes)
  let idle = createBatch(maxPendingBytes)
  let waiting: Waiting[] = []
  let waitingBytes = 0
  let active: ActiveSegment | undefined
  /** The next segment begins here or, after one that was sealed in order, where that one ended. */
  let base = nextBase
  let running: Promise<void> | undefined
  let closed = false
  let refused: { readonly error: Error; readonly until: number } | undefined
  let refusing = false
  let groups = 0
  let appended = 0

  return {
    append,
    skipTo,
    /** The next one tries again; until that works it is still so that nothing is taken. */
    retry: () => {
      if (refused !== undefined) refused = { ...refused, until: 0 }
    },
    refusal,
    pendingBytes: () => collecting.bytes() + idle.bytes() + waitingBytes,
    activeBytes: () => (active === undefined ? 0 : HEADER_BYTES + active.room),
    counts: () => ({ groups, appended }),
    roll,
    async close() {
      closed = true
      await running
      await source.idle()
      await active?.file.close()
      active = undefined
    },
  }

  function append(message: DeviceMessage, done: AppendDone): void {
    const bytes = recordBytes(message)
    if (closed) return refuse(done, new Error('journal is closed'))
    if (bytes === undefined) return refuse(done, new RangeError('message is larger than a record may be'))
    if (waiting.length > 0 || !collecting.fits(bytes)) {
      if (waitingBytes + bytes > maxWaitingBytes) return refuse(done, new JournalFull('busy'))
      waiting.push({ message, done, bytes })
      waitingBytes += bytes
      return
    }
    collecting.add(message, salt, done)
    running ??= run()
  }

  /** Takes as many of those that wait, in their order, as the next group holds. */
  function admitWaiting(): void {
    let admitted = 0
    for (const { message, done, bytes } of waiting) {
      if (!collecting.fits(bytes)) break
      collecting.add(message, salt, done)
      waitingBytes -= bytes
      admitted += 1
    }
    if (admitted > 0) waiting = waiting.slice(admitted)
  }

  /** Why nothing is taken. Asking tries again: without traffic nobody else would find that there is room. */
  function refusal(): Error | undefined {
    if (refused !== undefined && performance.now() >= refused.until && !closed) running ??= probe()
    return refused?.error
  }

  async function probe(): Promise<void> {
    try {
      await roomFor(MAX_RECORD_BYTES)
      refused = undefined
    } catch (cause) {
      refused = { error: refusalOf(cause), until: performance.now() + RETRY_AFTER_MS }
    }
    running = collecting.count() > 0 ? run() : undefined
  }

  async function run(): Promise<void> {
    // After the sockets of this turn have been read: their messages share the first commit.
    await new Promise((resolve) => setImmediate(resolve))
    while (collecting.count() > 0) {
      const batch = collecting
      collecting = idle
      idle = batch
      admitWaiting()
      await commit(batch)
      batch.clear()
    }
    running = undefined
  }

  async function commit(batch: Batch): Promise<void> {
    for (let first = 0; first < batch.count();) {
      try {
        const { after, origin } = await commitSome(batch, first)
        batch.settle(first, after, origin)
        first = after
      } catch (cause) {
        const error = refusalOf(cause)
        if (!refusing) log.error({ err: error }, 'journal refuses messages; nothing is acknowledged')
        refusing = true
        refused = { error, until: performance.now() + RETRY_AFTER_MS }
        batch.refuse(first, error)
        return
      }
    }
  }

  /** Commits as many records from `first` on as the segment takes; returns the next one, and where they lie. */
  async function commitSome(batch: Batch, first: number): Promise<{ after: number; origin: Cursor }> {
    const from = first === 0 ? 0 : batch.endOf(first - 1)
    const segment = await roomFor(batch.endOf(first) - from)
    let after = first + 1
    while (after < batch.count() && segment.used + batch.endOf(after) - from <= segment.room) after += 1
    const to = batch.endOf(after - 1)
    try {
      await segment.file.write(batch.slice(from, to), HEADER_BYTES + segment.used)
      await segment.file.datasync()
    } catch (error) {
      // After a failed sync nobody knows what is on disk: go on in a fresh file.
      segment.spoiled = true
      throw error
    }
    if (refusing) log.info({}, 'journal takes messages again')
    refusing = false
    const origin = segment.base + segment.used - from
    segment.used += to - from
    groups += 1
    appended += after - first
    state.setEnd(segment.base + segment.used)
    if (segment.used > segment.room / 2) source.prepareAhead()
    return { after, origin }
  }

  async function roomFor(bytes: number): Promise<ActiveSegment> {
    if (active !== undefined && !active.spoiled && active.used + bytes <= active.room) return active
    if (refused !== undefined && performance.now() < refused.until) throw refused.error
    return roll()
  }

  /** Leaves the segment in use and goes on in the next one. */
  async function roll(): Promise<ActiveSegment> {
    if (active !== undefined) {
      const full = active
      active = undefined
      base = Math.max(base, full.base + (full.spoiled ? full.room : full.used))
      await source.seal(full).catch((error: unknown) => {
        log.error({ err: error, base: full.base }, 'could not cut a full journal segment to its records')
      })
    }
    active = await source.next(base, state.end())
    refused = undefined
    return active
  }

  /** The next record will lie at or beyond this cursor. */
  function skipTo(cursor: Cursor): void {
    base = Math.max(base, cursor)
    if (active !== undefined) active.spoiled = true
  }
}

function refuse(done: AppendDone, error: Error): void {
  queueMicrotask(() => done(error, 0, 0))
}

function refusalOf(cause: unknown): Error {
  if (cause instanceof JournalFull) return cause
  if (isNoRoom(cause)) return new JournalFull('disk', { cause })
  return new Error('journal could not write', { cause })
}
