import type { Cursor, JournalEntry, JournalReader, JournalRecord, Log } from '../flows/ports.ts'
import { isNotThere, realDisk, type Disk } from './disk.ts'
import { findRecord, MAX_RECORD_BYTES, recordEnd, RecordView } from './record.ts'
import { listSegments, readHeader, segmentPath } from './segment.ts'
import { createQuarantine, type Quarantine } from './quarantine.ts'
import { sharedState, type SharedState } from './shared-state.ts'

/**
 * Reads the journal's files itself, in whatever thread it runs. `shared` is the writer's
 * `OpenJournal.shared`; it tells how far records are on disk.
 */
export function openJournalReader(dir: string, shared: SharedArrayBuffer, log: Log): JournalReader {
  const state = sharedState(shared)
  return createReader({ dir, disk: realDisk, state, quarantine: createQuarantine(dir, realDisk, state, log) })
}

export interface ReaderParts {
  readonly dir: string
  readonly disk: Disk
  readonly state: SharedState
  readonly quarantine: Quarantine
}

const MAX_WAITING_CONSUMERS = 16

/** Bytes of a segment from a cursor on, which begin with a whole record. */
interface Stretch {
  readonly from: Cursor
  readonly bytes: Buffer
  readonly salt: number
}

export function createReader({ dir, disk, state, quarantine }: ReaderParts): JournalReader {
  let bases: readonly Cursor[] = []
  /** Cursors whose last read found no record, each with the end of the journal at that time. */
  const emptyReads = new Map<Cursor, Cursor>()
  /** The bytes that `visit` read last, in a buffer that it uses again. */
  let recent: Stretch | undefined
  let room = Buffer.alloc(0)
  const view = new RecordView()

  const { end: durableEnd, start, capacity } = state
  return { visit, read, durableEnd, start, capacity, waitBeyond }

  async function read(from: Cursor, maxBytes: number): Promise<readonly JournalEntry[]> {
    const entries: JournalEntry[] = []
    const stretch = await stretchFrom(from, maxBytes)
    if (stretch !== undefined) {
      look(stretch, stretch.from, maxBytes, ({ cursor, next }) => {
        entries.push({ cursor, next, message: view.message() })
        return true
      })
    }
    return entries
  }

  async function visit(
    from: Cursor,
    maxBytes: number,
    take: (record: JournalRecord) => boolean,
  ): Promise<Cursor> {
    const known = recent !== undefined && from >= Math.max(recent.from, state.start()) ? recent : undefined
    const reached = known === undefined ? from : look(known, from, maxBytes, take)
    if (reached > from) return reached
    const bytes = Math.max(maxBytes, MAX_RECORD_BYTES)
    if (room.length < bytes) room = Buffer.allocUnsafeSlow(bytes)
    recent = undefined
    recent = await stretchFrom(from, maxBytes, room)
    return recent === undefined ? from : look(recent, recent.from, maxBytes, take)
  }

  /** Shows records of a stretch; where the next one begins, which is `at` when it has none there. */
  function look(
    { from, bytes, salt }: Stretch,
    at: Cursor,
    maxBytes: number,
    take: (record: RecordView) => boolean,
  ): Cursor {
    const first = at - from
    let offset = first
    for (let more = true; more && offset < bytes.length;) {
      const end = recordEnd(bytes, offset, salt)
      if (end === undefined || (offset > first && end - first > maxBytes)) break
      more = take(view.look(bytes, offset, end, from + offset))
      offset = end
    }
    return from + offset
  }

  /** The next stretch that there is, in `into` if that is given; undefined when nothing new is on disk. */
  async function stretchFrom(from: Cursor, maxBytes: number, into?: Buffer): Promise<Stretch | undefined> {
    const end = state.end()
    for (let at = Math.max(from, state.start()); at < end;) {
      const bytes = Math.min(end - at, Math.max(maxBytes, MAX_RECORD_BYTES))
      const found = await inSegment(at, end, into?.subarray(0, bytes) ?? Buffer.allocUnsafe(bytes))
      if (found === undefined) break
      if (typeof found === 'object') return found
      at = found
    }
    if (emptyReads.size >= MAX_WAITING_CONSUMERS) emptyReads.clear()
    emptyReads.set(from, Math.max(from, end))
    return undefined
  }

  async function waitBeyond(from: Cursor, signal: AbortSignal): Promise<void> {
    const known = emptyReads.get(from) ?? from
    for (let end = state.end(); end <= known && !signal.aborted; end = state.end()) {
      await state.endMoved(end, signal)
    }
  }

  /** A stretch from `at` on within its segment, or where to look next when it has none. */
  async function inSegment(at: Cursor, end: Cursor, into: Buffer): Promise<Stretch | Cursor | undefined> {
    const base = await segmentOf(at)
    if (base === undefined || base > at) return base
    const file = await disk.open(segmentPath(dir, base), 'read').catch((error: unknown) => {
      if (isNotThere(error)) return undefined
      throw error
    })
    // The segment was deleted after it was listed.
    if (file === undefined) return await nextAfter(base)
    try {
      const header = await readHeader(file, base)
      if (header === undefined) {
        await quarantine.moveSegment(base, await file.size())
        return await nextAfter(base)
      }
      const { salt } = header
      const place = header.bytes + at - base
      const bytes = into.subarray(0, await file.read(into, place))
      if (bytes.length === 0) return await nextAfter(base)
      if (recordEnd(bytes, 0, salt) !== undefined) return { from: at, bytes, salt }
      const to = Math.min(end, base + (await file.size()) - header.bytes)
      const rest = Buffer.allocUnsafe(to - at)
      await file.read(rest, place)
      const resume = findRecord(rest, 1, salt)
      await quarantine.copy(at, rest.subarray(0, resume))
      return resume === rest.length ? to : at + resume
    } finally {
      await file.close()
    }
  }

  async function segmentOf(at: Cursor): Promise<Cursor | undefined> {
    const known = bases.findLast((base) => base <= at)
    if (known !== undefined) return known
    bases = await listSegments(disk, dir)
    return bases.findLast((base) => base <= at) ?? bases[0]
  }

  async function nextAfter(base: Cursor): Promise<Cursor | undefined> {
    bases = await listSegments(disk, dir)
    return bases.find((other) => other > base)
  }
}
