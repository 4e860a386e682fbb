import { join } from 'node:path'
import type { Cursor } from '../flows/ports.ts'
import { isNotThere, type Disk } from './disk.ts'

/**
 * A segment file: this header, then records without gaps, then zeros while it is the one written to.
 * Once full it is cut to its records, so that only the newest file may end in zeros.
 * Its name is the cursor of its first record.
 */
export const HEADER_BYTES = 32
/** No segment is larger; what is assumed of one whose header is lost. */
export const MAX_ROOM_BYTES = 1024 * 1024 * 1024
const MAGIC = 'WWJ1'
const NAME = /^(\d{16})\.journal$/

export interface SegmentHeader {
  readonly base: Cursor
  /** Seed of every record's check. */
  readonly salt: number
  /** Where the records before this segment end. */
  readonly after: Cursor
  /** Most bytes of records that it may ever hold: no cursor into it lies beyond base + this. */
  readonly room: number
}

export function segmentPath(dir: string, base: Cursor): string {
  return join(dir, `${String(base).padStart(16, '0')}.journal`)
}

/** Bases of all segments in a folder, ascending; none when there is no such folder. */
export async function listSegments(disk: Disk, dir: string): Promise<Cursor[]> {
  const names = await disk.list(dir).catch((error: unknown) => {
    if (isNotThere(error)) return []
    throw error
  })
  return names
    .flatMap((name) => NAME.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
}

export function encodeHeader(header: SegmentHeader): Buffer {
  const bytes = Buffer.alloc(HEADER_BYTES)
  bytes.write(MAGIC)
  bytes.writeDoubleLE(header.base, 4)
  bytes.writeUInt32LE(header.salt, 12)
  bytes.writeUInt32LE(header.room, 16)
  bytes.writeDoubleLE(header.after, 20)
  return bytes
}

/** Undefined when these bytes are no header of a segment with this base. */
export function decodeHeader(bytes: Buffer, base: Cursor): SegmentHeader | undefined {
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 4) !== MAGIC) return undefined
  if (bytes.readDoubleLE(4) !== base) return undefined
  return { base, salt: bytes.readUInt32LE(12), room: bytes.readUInt32LE(16), after: bytes.readDoubleLE(20) }
}
