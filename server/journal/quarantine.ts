import { basename, join } from 'node:path'
import type { Cursor, Log } from '../flows/ports.ts'
import { isAlreadyThere, isNotThere, type Disk } from './disk.ts'
import { segmentPath } from './segment.ts'
import type { SharedState } from './shared-state.ts'

/** Keeps what cannot be read in `quarantine/` beside the journal, and counts it. */
export interface Quarantine {
  /** Copies bytes that are no record, once for each place. */
  copy(at: Cursor, bytes: Uint8Array): Promise<void>
  /** Moves a whole segment, of which no record can be read, with so many bytes of records. */
  moveSegment(base: Cursor, bytes: number): Promise<void>
}

const MAX_COPIES = 64
const MAX_COPY_BYTES = 1024 * 1024

export function createQuarantine(dir: string, disk: Disk, shared: SharedState, log: Log): Quarantine {
  const folder = join(dir, 'quarantine')
  const seen = new Set<Cursor>()

  return {
    async copy(at, bytes) {
      if (seen.has(at)) return
      seen.add(at)
      try {
        await disk.makeFolder(folder)
        // Every thread that reads finds the same bad bytes; the one that creates the copy counts them.
        const copy = await disk.create(join(folder, `${String(at).padStart(16, '0')}.bad`))
        try {
          await copy.write(bytes.subarray(0, MAX_COPY_BYTES), 0)
          await copy.datasync()
        } finally {
          await copy.close()
        }
        await dropOldest()
      } catch (error) {
        if (isAlreadyThere(error)) return
        log.error({ err: error, at }, 'could not copy unreadable bytes of the journal')
      }
      shared.countBad(bytes.length)
      log.error({ at, bytes: bytes.length }, 'unreadable bytes of the journal were copied to quarantine')
    },

    async moveSegment(base, bytes) {
      const path = segmentPath(dir, base)
      const kept = join(folder, basename(path))
      try {
        await disk.makeFolder(folder)
        await disk.rename(path, kept)
        await disk.syncFolder(dir)
      } catch (error) {
        // Another thread that reads has moved it already.
        if (isNotThere(error)) return
        throw error
      }
      shared.countBad(bytes)
      log.error({ kept, bytes }, 'a journal segment without a readable record was moved to quarantine')
    },
  }

  async function dropOldest(): Promise<void> {
    const copies = (await disk.list(folder)).filter((name) => name.endsWith('.bad')).toSorted()
    for (const name of copies.slice(0, -MAX_COPIES)) await disk.remove(join(folder, name))
  }
}
