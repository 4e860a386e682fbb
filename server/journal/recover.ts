import type { Cursor } from '../flows/ports.ts'
import type { Disk, DiskFile } from './disk.ts'
import { findRecord, recordEnd } from './record.ts'
import {
  decodeHeader,
  HEADER_BYTES,
  listSegments,
  MAX_ROOM_BYTES,
  segmentPath,
  type SegmentHeader,
} from './segment.ts'
import type { SetAside } from './set-aside.ts'

/** A segment that is no longer written to. */
export interface SealedSegment {
  readonly base: Cursor
  /** Where its records end. */
  readonly end: Cursor
  /** Where the records before it end: between this and its base there never were any. */
  readonly after: Cursor
}

export interface Recovered {
  readonly sealed: readonly SealedSegment[]
  /** Where the last record ends. */
  readonly recordsEnd: Cursor
  /** Beyond every cursor ever given out. */
  readonly nextBase: Cursor
}

/**
 * Reads what a crash left. Only the newest segment may be unfinished: it is searched for whole records,
 * what is none is set aside, and it is cut to its records. Writing goes on in a new segment beyond the
 * old one's room, so no consumer's cursor can lie ahead of the next record.
 */
export async function recover(dir: string, disk: Disk, setAside: SetAside): Promise<Recovered> {
  const bases = await listSegments(disk, dir)
  const sealed: SealedSegment[] = []
  let recordsEnd: Cursor = 0
  let nextBase: Cursor = 0
  for (const base of bases) {
    const file = await disk.open(segmentPath(dir, base), 'write')
    try {
      const header = await headerOf(file, base)
      const after = header?.after ?? recordsEnd
      // The segment before has lost its end since it was full; nothing is left to copy.
      if (sealed.length > 0 && after > recordsEnd) await setAside(recordsEnd, new Uint8Array(0))
      const end =
        base === bases.at(-1) ? await finish(file, header, base, setAside) : base + (await roomOf(file))
      recordsEnd = end > base ? end : Math.max(recordsEnd, after)
      sealed.push({ base, end, after: header?.after ?? base })
      nextBase = base + (header?.room ?? MAX_ROOM_BYTES)
    } finally {
      await file.close()
    }
  }
  return { sealed, recordsEnd, nextBase }
}

async function roomOf(file: DiskFile): Promise<number> {
  return Math.max(0, (await file.size()) - HEADER_BYTES)
}

async function headerOf(file: DiskFile, base: Cursor): Promise<SegmentHeader | undefined> {
  const bytes = Buffer.alloc(HEADER_BYTES)
  return decodeHeader(bytes.subarray(0, await file.read(bytes, 0)), base)
}

/** Cuts the segment to its records; returns where they end. */
async function finish(
  file: DiskFile,
  header: SegmentHeader | undefined,
  base: Cursor,
  setAside: SetAside,
): Promise<Cursor> {
  const bytes = Buffer.alloc(await roomOf(file))
  await file.read(bytes, HEADER_BYTES)
  const written = bytes.subarray(0, endOfZeros(bytes))
  let end = 0
  for (let at = 0; at < written.length;) {
    const next = header === undefined ? undefined : recordEnd(bytes, at, header.salt)
    if (next !== undefined) {
      end = at = next
      continue
    }
    const resume = header === undefined ? bytes.length : findRecord(bytes, at + 1, header.salt)
    await setAside(base + at, written.subarray(at, resume))
    at = resume
  }
  await file.truncate(HEADER_BYTES + end)
  await file.datasync()
  return base + end
}

/** Index behind the last byte that is not zero. */
function endOfZeros(bytes: Buffer): number {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end -= 1
  return end
}
