import { join } from 'node:path'
import { JournalFull } from '../flows/ports.ts'
import { realDisk, type Disk } from './disk.ts'
import { preallocate } from './preallocate.ts'

/**
 * A ballast file. On a full disk SQLite cannot even delete rows; removing this file gives retention room to
 * run, and it is written again once twice its size is free.
 */
export interface Ballast {
  held(): boolean
  /** Writes the file if there is room enough; true when it is there. */
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
