import type { Cursor } from '../flows/ports.ts'
import type { Disk, DiskFile } from './disk.ts'
import { findRecord, recordEnd } from './record.ts'
import { listSegments, MAX_ROOM_BYTES, readHeader, segmentPath, type FoundHeader } from './segment.ts'
import type { Quarantine } from './quarantine.ts'

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

/** A segment that another installation has written: its records are not ours to read. */
export class ForeignSegment extends Error {
  override readonly name = 'ForeignSegment'
}

/**
 * Reads what a crash left. Only the newest segment may be unfinished: it is searched for whole records,
 * what is none is set aside, and it is cut to its records. A segment without a readable header is set aside
 * whole. Writing goes on in a new segment beyond the old one's room, so no consumer's cursor can lie ahead
 * of the next record.
 * @param installation whose journal it is; 0 takes any
 * @throws ForeignSegment when a segment belongs to another installation
 */
export async function recover(
  dir: string,
  disk: Disk,
  quarantine: Quarantine,
  installation = 0,
): Promise<Recovered> {
  const bases = await listSegments(disk, dir)
  const sealed: SealedSegment[] = []
  let recordsEnd: Cursor = 0
  let accountedTo: Cursor = 0
  let nextBase: Cursor = 0
  for (const base of bases) {
    const path = segmentPath(dir, base)
    const file = await disk.open(path, 'write')
    try {
      const header = await readHeader(file, base)
      if (isForeign(header, installation)) throw new ForeignSegment(path)
      // The sealed segment before was cut since: its last records are gone, and there is nothing to copy.
      if (sealed.length > 0 && header !== undefined && header.after > accountedTo) {
        await quarantine.copy(recordsEnd, new Uint8Array(0))
      }
      nextBase = base + (header?.room ?? MAX_ROOM_BYTES)
      const end =
        header === undefined
          ? undefined
          : await endOf(file, header, base === bases.at(-1) ? quarantine : undefined)
      if (header === undefined || end === undefined) {
        await quarantine.moveSegment(base, await file.size())
        // It is unknown where its records ended, so the next segment cannot show a gap.
        accountedTo = Infinity
        continue
      }
      recordsEnd = end > base ? end : Math.max(recordsEnd, header.after)
      accountedTo = recordsEnd
      sealed.push({ base, end, after: header.after })
    } finally {
      await file.close()
    }
  }
  return { sealed, recordsEnd, nextBase }
}

function isForeign(header: FoundHeader | undefined, installation: number): boolean {
  const others = header?.installation ?? 0
  return installation !== 0 && others !== 0 && others !== installation
}

/**
 * Where the records of a segment end. One that may be unfinished is cut there, and its bad stretches are set
 * aside; undefined when bytes were written to it and no record fits its header.
 */
async function endOf(
  file: DiskFile,
  { base, salt, bytes: headerBytes }: FoundHeader,
  quarantine: Quarantine | undefined,
): Promise<Cursor | undefined> {
  const size = Math.max(0, (await file.size()) - headerBytes)
  if (quarantine === undefined) return base + size
  const bytes = Buffer.alloc(size)
  await file.read(bytes, headerBytes)
  const written = bytes.subarray(0, endOfZeros(bytes))
  if (written.length > 0 && findRecord(bytes, 0, salt) === bytes.length) return undefined
  let end = 0
  for (let at = 0; at < written.length;) {
    const next = recordEnd(bytes, at, salt)
    if (next !== undefined) {
      end = at = next
      continue
    }
    const resume = findRecord(bytes, at + 1, salt)
    await quarantine.copy(base + at, written.subarray(at, resume))
    at = resume
  }
  await file.truncate(headerBytes + end)
  await file.datasync()
  return base + end
}

/** Index behind the last byte that is not zero. */
function endOfZeros(bytes: Buffer): number {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end -= 1
  return end
}
