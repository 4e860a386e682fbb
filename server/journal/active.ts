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
  readonly salt: number
  readonly shelf: Shelf
  readonly log: Log
}

/** Makes room: prepares segments ahead, seals full ones, evicts when there is no other way. */
export function createSegmentSource(parts: ActiveParts) {
  const { dir, disk, segmentBytes, capacityBytes, keepFree, salt, shelf, log } = parts
  const sparePath = join(dir, 'spare')
  let spare = false
  let preparing: Promise<void> | undefined

  return { prepareAhead, next, seal, idle: async () => void (await preparing), hasSpare: () => spare }

  /** Starts to prepare the next segment, where the capacity allows one without an eviction. */
  function prepareAhead(): void {
    if (spare || preparing !== undefined) return
    if (shelf.bytes() + 2 * segmentBytes > capacityBytes) return
    preparing = prepare()
      .catch((error: unknown) => log.warn({ err: error }, 'could not prepare the next journal segment'))
      .finally(() => (preparing = undefined))
  }

  async function prepare(): Promise<void> {
    await preallocate(disk, dir, sparePath, { bytes: segmentBytes, keepFree })
    spare = true
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
        if (!(error instanceof JournalFull) || !(await shelf.evictOldest())) throw error
      }
    }
    return activate(base, after)
  }

  async function activate(base: Cursor, after: Cursor): Promise<ActiveSegment> {
    const room = segmentBytes - HEADER_BYTES
    const file = await disk.open(sparePath, 'write')
    try {
      await file.write(encodeHeader({ base, salt, room, after }), 0)
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
