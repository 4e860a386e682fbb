import { JournalFull } from '../flows/ports.ts'
import { isNoRoom, type Disk } from './disk.ts'

/** On a large disk a share of it would be far more than the databases need to clean up. */
const MAX_KEPT_FREE = 1024 * 1024 * 1024
const ZEROS = Buffer.alloc(256 * 1024)

/**
 * Writes a file of zeros and makes it durable. Real zeros: with its blocks in place, a commit into it
 * changes no metadata, which is most of the cost of fdatasync. Leaves nothing behind when it fails.
 * @throws JournalFull when the disk has no room, or would have less than `keepFree` of itself left.
 */
export async function preallocate(
  disk: Disk,
  dir: string,
  path: string,
  { bytes, keepFree }: { readonly bytes: number; readonly keepFree: number },
): Promise<void> {
  await disk.remove(path)
  const { freeBytes, totalBytes } = await disk.space(dir)
  if (freeBytes - bytes < Math.min(totalBytes * keepFree, MAX_KEPT_FREE)) throw new JournalFull('disk')
  try {
    const file = await disk.create(path)
    try {
      for (let at = 0; at < bytes; at += ZEROS.length) {
        await file.write(ZEROS.subarray(0, Math.min(ZEROS.length, bytes - at)), at)
        // In small steps, so that commits to the file in use do not queue behind all of it.
        await file.datasync()
      }
    } finally {
      await file.close()
    }
  } catch (error) {
    await disk.remove(path)
    throw isNoRoom(error) ? new JournalFull('disk', { cause: error }) : error
  }
}
