import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import type { Cursor } from '../flows/ports.ts'
import { isNotThere, type Disk, type DiskFile } from './disk.ts'

/**
 * A segment file: a header, then records without gaps, then zeros while it is the one written to.
 * Once full it is cut to its records, so that only the newest file may end in zeros.
 * Its name is the cursor of its first record.
 *
 * The header is written twice, in two sectors, each copy with a check of its own: without it no record of
 * the file could be told from noise. Segments of format 1 have one header of 32 bytes without a check.
 */
export const HEADER_BYTES = 1024
/** No segment is larger; what is assumed of one whose header is lost. */
export const MAX_ROOM_BYTES = 1024 * 1024 * 1024
const MAGIC = 'WWJ2'
const COPIES_AT = [0, 512]
const CHECKED_BYTES = 32
const FORMAT_1 = { magic: 'WWJ1', bytes: 32 }
const NAME = /^(\d{16})\.journal$/

export interface SegmentHeader {
  readonly base: Cursor
  /** Seed of every record's check. */
  readonly salt: number
  /** Where the records before this segment end. */
  readonly after: Cursor
  /** Most bytes of records that it may ever hold: no cursor into it lies beyond base + this. */
  readonly room: number
  /** Whose journal it is; 0 where that is not known. */
  readonly installation: number
}

export interface FoundHeader extends SegmentHeader {
  /** Where the records begin in the file. */
  readonly bytes: number
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
  for (const at of COPIES_AT) {
    bytes.write(MAGIC, at)
    bytes.writeDoubleLE(header.base, at + 4)
    bytes.writeUInt32LE(header.salt, at + 12)
    bytes.writeUInt32LE(header.room, at + 16)
    bytes.writeDoubleLE(header.after, at + 20)
    bytes.writeUInt32LE(header.installation, at + 28)
    bytes.writeUInt32LE(crc32(bytes.subarray(at, at + CHECKED_BYTES)), at + CHECKED_BYTES)
  }
  return bytes
}

/** Undefined when neither copy in the file is a header of a segment with this base. */
export async function readHeader(file: DiskFile, base: Cursor): Promise<FoundHeader | undefined> {
  const room = Buffer.alloc(HEADER_BYTES)
  const bytes = room.subarray(0, await file.read(room, 0))
  const [copy] = COPIES_AT.filter((at) => isWhole(bytes, at))
  const found =
    copy === undefined ? headerOfFormat1(bytes) : { ...fieldsAt(bytes, copy), bytes: HEADER_BYTES }
  return found?.base === base ? found : undefined
}

function isWhole(bytes: Buffer, at: number): boolean {
  const end = at + CHECKED_BYTES
  if (bytes.length < end + 4 || bytes.toString('latin1', at, at + 4) !== MAGIC) return false
  return crc32(bytes.subarray(at, end)) === bytes.readUInt32LE(end)
}

function fieldsAt(bytes: Buffer, at: number): SegmentHeader {
  return {
    base: bytes.readDoubleLE(at + 4),
    salt: bytes.readUInt32LE(at + 12),
    room: bytes.readUInt32LE(at + 16),
    after: bytes.readDoubleLE(at + 20),
    installation: bytes.readUInt32LE(at + 28),
  }
}

/** It has no check, so a place that cannot be is what shows a damaged one. */
function headerOfFormat1(bytes: Buffer): FoundHeader | undefined {
  if (bytes.length < FORMAT_1.bytes || bytes.toString('latin1', 0, 4) !== FORMAT_1.magic) return undefined
  const fields = fieldsAt(bytes, 0)
  if (!(fields.after >= 0 && fields.after <= fields.base) || fields.room > MAX_ROOM_BYTES) return undefined
  return { ...fields, installation: 0, bytes: FORMAT_1.bytes }
}
