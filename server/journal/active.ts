import { join } from 'node:path'
import { JournalFull, type Cursor, type Log } from '../flows/ports.ts'
import type { Disk, DiskFile } from './disk.ts'
import { preallocate } from './prealloc.ts'
import { encodeHeader, HEADER_BYTES, segmentPath } from './segment.ts'
import type { Shelf } from './shelf.ts'

/** The segment being written to. */
export interface ActiveSegment {
  readonly base: Cursor
  readonly after: Cursor
  readonly file: DiskFile
  readonly room: number
  used: number
  /** A write or sync of it failed: nothing more is written to it. */
  spoiled: boolean
}

export interface ActiveParts {
  readonly dir: string
  readonly disk: Disk
  readonly segmentBytes: number
  readonly capacityBytes: number
  readonly keepFree: number
  /** Whether what a readings store lacks may go for want of disk, and not for want of capacity alone. */
  readonly evictOnFullDisk: boolean
  readonly salt: number
  readonly installation: number
  readonly shelf: Shelf
  readonly log: Log
}

const PREPARE_AGAIN_MS = 250

/** Makes room: prepares segments ahead, seals full ones, evicts when there is no other way. */
export function createSegmentSource(parts: ActiveParts) {
  const {
    dir,
    disk,
    segmentBytes,
    capacityBytes,
    keepFree,
    evictOnFullDisk,
    salt,
    installation,
    shelf,
    log,
  } = parts
  const sparePath = join(dir, 'spare')
  let spare = false
  let preparing: Promise<void> | undefined
  let failedAt: number | undefined

  return { prepareAhead, next, seal, idle: async () => void (await preparing), hasSpare: () => spare }

  /** Starts to prepare the next segment, where the capacity allows one without an eviction. */
  function prepareAhead(): void {
    if (spare || preparing !== undefined) return
    if (shelf.bytes() + 2 * segmentBytes > capacityBytes) return
    if (failedAt !== undefined && performance.now() - failedAt < PREPARE_AGAIN_MS) return
    preparing = prepare()
      .catch(noteFailure)
      .finally(() => (preparing = undefined))
  }

  /** Said once, not at every message of a full disk. */
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
    await shelf.dropPassed()
    while (shelf.bytes() + segmentBytes > capacityBytes) {
      if (!(await shelf.evictOldest())) throw new JournalFull('capacity')
    }
    while (!spare) {
      try {
        await prepare()
      } catch (error) {
        if (!(error instanceof JournalFull) || !evictOnFullDisk) throw error
        if (!(await shelf.evictOldest())) throw error
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
    return { base, after, file, room, used: 0, spoiled: false }
  }

  /** Cuts the segment to its records, so that its size says where they end. */
  async function seal(segment: ActiveSegment): Promise<void> {
    try {
      await segment.file.truncate(HEADER_BYTES + segment.used)
      await segment.file.datasync()
    } finally {
      await segment.file.close()
      shelf.add({ base: segment.base, end: segment.base + segment.used, after: segment.after })
    }
  }
}

export type SegmentSource = ReturnType<typeof createSegmentSource>
