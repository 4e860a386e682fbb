import type { Cursor, JournalEntry, JournalReader, Log } from '../flows/ports.ts'
import { isNotThere, realDisk, type Disk, type DiskFile } from './disk.ts'
import { findRecord, MAX_RECORD_BYTES, readRecord } from './record.ts'
import { decodeHeader, HEADER_BYTES, listSegments, segmentPath } from './segment.ts'
import { createSetAside, type SetAside } from './set-aside.ts'
import { sharedState, type SharedState } from './shared.ts'

/**
 * Reads the journal's files itself, in whatever thread it runs. `shared` is the writer's
 * `OpenJournal.shared`; it tells how far records are on disk.
 */
export function openJournalReader(dir: string, shared: SharedArrayBuffer, log: Log): JournalReader {
  const state = sharedState(shared)
  return createReader({ dir, disk: realDisk, state, setAside: createSetAside(dir, realDisk, state, log) })
}

export interface ReaderParts {
  readonly dir: string
  readonly disk: Disk
  readonly state: SharedState
  readonly setAside: SetAside
}

const MOST_WAITING = 16

interface Stretch {
  readonly from: Cursor
  readonly to: Cursor
  readonly salt: number
}

export function createReader({ dir, disk, state, setAside }: ReaderParts): JournalReader {
  let bases: readonly Cursor[] = []
  /** Reads that found nothing, and how far each had looked; one for each consumer that waits. */
  const barren = new Map<Cursor, Cursor>()

  return { read, durableEnd: state.end, start: state.start, waitBeyond }

  async function read(from: Cursor, maxBytes: number): Promise<readonly JournalEntry[]> {
    const end = state.end()
    for (let at = Math.max(from, state.start()); at < end;) {
      const found = await readSegment(at, end, maxBytes)
      if (found.entries.length > 0) return found.entries
      if (found.next === undefined) break
      at = found.next
    }
    if (barren.size >= MOST_WAITING) barren.clear()
    barren.set(from, Math.max(from, end))
    return []
  }

  async function waitBeyond(from: Cursor, signal: AbortSignal): Promise<void> {
    const known = barren.get(from) ?? from
    for (let end = state.end(); end <= known && !signal.aborted; end = state.end()) {
      await state.endMoved(end, signal)
    }
  }

  /** Entries from `at` on within its segment, or where to look next when it holds none. */
  async function readSegment(
    at: Cursor,
    end: Cursor,
    maxBytes: number,
  ): Promise<{ entries: readonly JournalEntry[]; next?: Cursor }> {
    const base = await segmentOf(at)
    if (base === undefined) return { entries: [] }
    if (base > at) return { entries: [], next: base }
    const file = await disk.open(segmentPath(dir, base), 'read').catch((error: unknown) => {
      if (isNotThere(error)) return undefined
      throw error
    })
    // Deleted since it was listed: everybody had passed it, or it was evicted.
    if (file === undefined) return { entries: [], ...(await nextAfter(base)) }
    try {
      const to = Math.min(end, base + (await file.size()) - HEADER_BYTES)
      if (at >= to) return { entries: [], ...(await nextAfter(base)) }
      const salt = await saltOf(file, base)
      return await readStretch(file, base, { from: at, to, salt }, maxBytes)
    } finally {
      await file.close()
    }
  }

  async function readStretch(
    file: DiskFile,
    base: Cursor,
    { from, to, salt }: Stretch,
    maxBytes: number,
  ): Promise<{ entries: readonly JournalEntry[]; next?: Cursor }> {
    const chunk = await bytesOf(file, base, from, Math.min(to, from + Math.max(maxBytes, MAX_RECORD_BYTES)))
    const entries: JournalEntry[] = []
    for (let offset = 0; offset < chunk.length;) {
      const record = readRecord(chunk, offset, salt)
      if (typeof record !== 'object') break
      const cursor = from + offset
      offset += record.bytes
      if (entries.length > 0 && offset > maxBytes) break
      entries.push({ cursor, next: from + offset, message: record.message })
    }
    if (entries.length > 0) return { entries }
    const rest = await bytesOf(file, base, from, to)
    const resume = findRecord(rest, 1, salt)
    await setAside(from, rest.subarray(0, resume))
    return { entries: [], next: resume === rest.length ? to : from + resume }
  }

  async function segmentOf(at: Cursor): Promise<Cursor | undefined> {
    const known = bases.findLast((base) => base <= at)
    if (known !== undefined) return known
    bases = await listSegments(disk, dir)
    return bases.findLast((base) => base <= at) ?? bases[0]
  }

  async function nextAfter(base: Cursor): Promise<{ next?: Cursor }> {
    bases = await listSegments(disk, dir)
    const next = bases.find((other) => other > base)
    return next === undefined ? {} : { next }
  }
}

/** A header that is damaged leaves a salt with which no record is good: all of it is set aside. */
async function saltOf(file: DiskFile, base: Cursor): Promise<number> {
  const bytes = Buffer.alloc(HEADER_BYTES)
  const read = await file.read(bytes, 0)
  return decodeHeader(bytes.subarray(0, read), base)?.salt ?? 0
}

async function bytesOf(file: DiskFile, base: Cursor, from: Cursor, to: Cursor): Promise<Buffer> {
  const bytes = Buffer.allocUnsafe(to - from)
  const read = await file.read(bytes, HEADER_BYTES + from - base)
  return bytes.subarray(0, read)
}
