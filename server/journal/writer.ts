import { JournalFull, type AppendDone, type Cursor, type Log } from '../flows/ports.ts'
import type { DeviceMessage } from '../domain/telemetry/reading.ts'
import type { ActiveSegment, SegmentAllocator } from './segment-allocator.ts'
import { createBatch, type Batch } from './batch.ts'
import { isNoRoom } from './disk.ts'
import { MAX_RECORD_BYTES, recordBytes } from './record.ts'
import { HEADER_BYTES } from './segment.ts'
import type { SharedState } from './shared-state.ts'

export interface WriterParts {
  readonly source: SegmentAllocator
  readonly state: SharedState
  readonly salt: number
  readonly maxPendingBytes: number
  readonly maxWaitingBytes: number
  readonly nextBase: Cursor
  readonly log: Log
}

/** Pause after a failed write before the next try, unless a consumer makes progress. */
const RETRY_AFTER_MS = 250

interface Waiting {
  readonly message: DeviceMessage
  readonly done: AppendDone
  readonly bytes: number
}

/**
 * Group commit: messages that arrive during a commit share the next write and sync. A burst larger than one
 * group is queued: after a power cut every device of a town connects at once.
 */
export function createWriter(parts: WriterParts) {
  const { source, state, salt, maxPendingBytes, maxWaitingBytes, nextBase, log } = parts
  let collecting = createBatch(maxPendingBytes)
  let idle = createBatch(maxPendingBytes)
  let waiting: Waiting[] = []
  let waitingBytes = 0
  let active: ActiveSegment | undefined
  /** Where the next segment begins. */
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
    /** The next append tries the disk again, without waiting for the end of the pause. */
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

  /** Moves queued messages, in their order, into the next group until it is full. */
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

  /** Why the journal refuses messages. Asking tries the disk again: without traffic nothing else would. */
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
    // Waits until this turn of the event loop has read all sockets: their messages share the first commit.
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
        batch.acknowledge(first, after, origin)
        first = after
      } catch (cause) {
        const error = refusalOf(cause)
        if (!refusing) log.error({ err: error }, 'journal refuses messages; nothing is acknowledged')
        refusing = true
        refused = { error, until: performance.now() + RETRY_AFTER_MS }
        batch.reject(first, error)
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
      // After a failed sync it is unknown what is on disk, so writing goes on in a new file.
      segment.failed = true
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
    if (active !== undefined && !active.failed && active.used + bytes <= active.room) return active
    if (refused !== undefined && performance.now() < refused.until) throw refused.error
    return roll()
  }

  /** Seals the segment in use and opens the next one. */
  async function roll(): Promise<ActiveSegment> {
    if (active !== undefined) {
      const full = active
      active = undefined
      base = Math.max(base, full.base + (full.failed ? full.room : full.used))
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
    if (active !== undefined) active.failed = true
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
