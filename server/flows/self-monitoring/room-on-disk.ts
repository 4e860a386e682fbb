import type { Log } from '../ports.ts'

/** A file that only takes up room, to be given back when the disk is full. */
export interface Reserve {
  held(): boolean
  hold(): Promise<boolean>
  release(): Promise<void>
}

export interface DiskSpace {
  readonly freeBytes: number
  readonly totalBytes: number
}

export interface RoomOnDisk {
  /** As of the last look. */
  readonly freeBytes: number
  readonly isLow: boolean
  /** @param isFull whether a database has just been refused for want of room */
  look(isFull: boolean): Promise<void>
}

/** Where the embedded store begins to drop the oldest days before their time, too. */
const LOW_SHARE = 0.1
const LOW_BYTES = 2 * 1024 ** 3
const FULL_SHARE = 0.01
const FULL_BYTES = 16 * 1024 ** 2

/**
 * Watches the room that is left. On a full disk SQLite cannot even delete; the reserve is given back then,
 * so that retention can run and tickets can be saved, and taken up again once there is room.
 */
export async function createRoomOnDisk(parts: {
  readonly space: () => Promise<DiskSpace>
  readonly reserve: Reserve
  readonly log: Log
}): Promise<RoomOnDisk> {
  const { reserve, log } = parts
  let space = await parts.space()
  const isBelow = (share: number, bytes: number): boolean =>
    space.freeBytes < Math.min(space.totalBytes * share, bytes)

  async function look(isFull: boolean): Promise<void> {
    space = await parts.space()
    if (reserve.held()) {
      if (!isFull && !isBelow(FULL_SHARE, FULL_BYTES)) return
      await reserve.release()
      log.error({ freeBytes: space.freeBytes }, 'the disk is full: the reserve was given back')
      space = await parts.space()
    } else if (!isFull && !isBelow(LOW_SHARE, LOW_BYTES)) await reserve.hold()
  }

  return {
    get freeBytes() {
      return space.freeBytes
    },
    get isLow() {
      return isBelow(LOW_SHARE, LOW_BYTES)
    },
    look,
  }
}
