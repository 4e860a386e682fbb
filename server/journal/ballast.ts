import { join } from 'node:path'
import { JournalFull } from '../flows/ports.ts'
import { realDisk, type Disk } from './disk.ts'
import { preallocate } from './prealloc.ts'

/**
 * A file that only takes up room. On a full disk SQLite cannot even delete; releasing this lets
 * retention run, and it is taken up again when there is room for it twice over.
 */
export interface Ballast {
  held(): boolean
  /** Takes the room up unless it is short; true when it is held. */
  hold(): Promise<boolean>
  release(): Promise<void>
}

export async function createBallast(
  dir: string,
  { bytes = 64 * 1024 * 1024, disk = realDisk }: { readonly bytes?: number; readonly disk?: Disk } = {},
): Promise<Ballast> {
  const path = join(dir, 'ballast')
  await disk.makeFolder(dir)
  let held = (await disk.list(dir)).includes('ballast')
  return {
    held: () => held,
    async hold() {
      if (held) return true
      if ((await disk.space(dir)).freeBytes < 2 * bytes) return false
      try {
        await preallocate(disk, dir, path, { bytes, keepFree: 0 })
      } catch (error) {
        if (error instanceof JournalFull) return false
        throw error
      }
      held = true
      return true
    },
    async release() {
      await disk.remove(path)
      held = false
    },
  }
}
