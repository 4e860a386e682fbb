import { join } from 'node:path'
import { JournalFull, type Cursor, type Log } from '../flows/ports.ts'
import type { Disk, DiskFile } from './disk.ts'
import { preallocate } from './preallocate.ts'
import { encodeHeader, HEADER_BYTES, segmentPath } from './segment.ts'
import type { SealedSegments } from './sealed-segments.ts'

/** The segment being written to. */
export interface ActiveSegment {
  readonly base: Cursor
  readonly after: Cursor
  readonly file: DiskFile
  readonly room: number
  used: number
  /** True after a failed write or sync; nothing more is written to it. */
  failed: boolean
}

export interface AllocatorParts {
  readonly dir: string
  readonly disk: Disk
  readonly segmentBytes: number
  readonly capacityBytes: number
  readonly keepFree: number
  /** Whether messages that the readings store does not have yet may be deleted when the disk is full. */
  readonly evictOnFullDisk: boolean
  readonly salt: number
  readonly installation: number
  readonly sealedSegments: SealedSegments
  readonly log: Log
}

const PREPARE_AGAIN_MS = 250

/** Allocates segments ahead of need, seals full ones, and evicts the oldest when there is no other room. */
export function createSegmentAllocator(parts: AllocatorParts) {
  const {
    dir,
    disk,
    segmentBytes,
    capacityBytes,
    keepFree,
    evictOnFullDisk,
    salt,
    installation,
    sealedSegments,
    log,
  } = parts
  const sparePath = join(dir, 'spare')
  let spare = false
  let preparing: Promise<void> | undefined
  let failedAt: number | undefined

  return { prepareAhead, next, seal, idle: async () => void (await preparing), hasSpare: () => spare }

  /** Starts to prepare the next segment, unless that would need an eviction. */
  function prepareAhead(): void {
    if (spare || preparing !== undefined) return
    if (sealedSegments.bytes() + 2 * segmentBytes > capacityBytes) return
    if (failedAt !== undefined && performance.now() - failedAt < PREPARE_AGAIN_MS) return
    preparing = prepare()
      .catch(noteFailure)
      .finally(() => (preparing = undefined))
  }

  /** Logs the first failure only: a full disk fails at every message. */
  function noteFailure(error: unknown): void {
    if (failedAt === undefined) log.warn({ err: error }, 'could not prepare the next journal segment')
    failedAt = performance.now()
  }

  async function prepare(): Promise<void> {
    await preallocate(disk, dir, sparePath, { bytes: segmentBytes, keepFree })
    spare = true
    failedAt = undefined
  }

  /** @throws JournalFull when there is no room for another segment */
  async function next(base: Cursor, after: Cursor): Promise<ActiveSegment> {
    await preparing
    await sealedSegments.deleteConsumed()
    while (sealedSegments.bytes() + segmentBytes > capacityBytes) {
      if (!(await sealedSegments.evictOldest())) throw new JournalFull('capacity')
    }
    while (!spare) {
      try {
        await prepare()
      } catch (error) {
        if (!(error instanceof JournalFull) || !evictOnFullDisk) throw error
        if (!(await sealedSegments.evictOldest())) throw error
      }
    }
    return activate(base, after)
  }

  async function activate(base: Cursor, after: Cursor): Promise<ActiveSegment> {
    const room = segmentBytes - HEADER_BYTES
    const file = await disk.open(sparePath, 'write')
    try {
      await file.write(encodeHeader({ base, salt, room, after, installation }), 0)
      await file.datasync()
      await disk.rename(sparePath, segmentPath(dir, base))
      spare = false
      await disk.syncFolder(dir)
    } catch (error) {
      await file.close()
      throw error
    }
    return { base, after, file, room, used: 0, failed: false }
  }

  /** Cuts the segment to its records, so that its size says where they end. */
  async function seal(segment: ActiveSegment): Promise<void> {
    try {
      await segment.file.truncate(HEADER_BYTES + segment.used)
      await segment.file.datasync()
    } finally {
      await segment.file.close()
      sealedSegments.add({ base: segment.base, end: segment.base + segment.used, after: segment.after })
    }
  }
}

export type SegmentAllocator = ReturnType<typeof createSegmentAllocator>
