import type { Cursor, JournalReader, Log } from '../flows/ports.ts'
import type { Consumers } from './consumers.ts'
import type { Disk } from './disk.ts'
import type { SealedSegment } from './recover.ts'
import { HEADER_BYTES, segmentPath } from './segment.ts'
import type { SharedState } from './shared-state.ts'

/** The full segments, oldest first, and which of them may be deleted. */
export interface SealedSegments {
  add(segment: SealedSegment): void
  bytes(): number
  count(): number
  /** Deletes segments that every consumer has read, except the newest `keepBytes` of them. */
  deleteConsumed(): Promise<void>
  /** Deletes segments without records, which a restart leaves behind. */
  deleteEmpty(): Promise<void>
  /** Deletes the oldest segment if every consumer that may lose nothing has read it; false otherwise. */
  evictOldest(): Promise<boolean>
  /** Messages deleted before every consumer had them. */
  evicted(): number
}

export interface SealedSegmentsParts {
  readonly dir: string
  readonly disk: Disk
  readonly keepBytes: number
  readonly consumers: Consumers
  readonly reader: JournalReader
  readonly state: SharedState
  readonly log: Log
  readonly sealed: readonly SealedSegment[]
}

const COUNT_STEP_BYTES = 1024 * 1024

export function createSealedSegments(parts: SealedSegmentsParts): SealedSegments {
  const { dir, disk, keepBytes, consumers, reader, state, log } = parts
  const segments: SealedSegment[] = [...parts.sealed]
  let evicted = 0
  const bytes = (): number => segments.reduce((sum, one) => sum + bytesOf(one), 0)

  return {
    add: (segment) => void segments.push(segment),
    bytes,
    count: () => segments.length,
    evicted: () => evicted,

    async deleteConsumed() {
      const passed = consumers.consumedByAll()
      for (let oldest = segments[0]; oldest !== undefined; oldest = segments[0]) {
        if (oldest.end > passed || bytes() - bytesOf(oldest) < keepBytes) return
        await remove(oldest)
      }
    },

    async deleteEmpty() {
      for (const segment of segments.filter((one) => one.end === one.base)) await remove(segment)
    },

    async evictOldest() {
      const oldest = segments[0]
      if (oldest === undefined || oldest.end > consumers.consumedByStrict()) return false
      const passed = consumers.consumedByAll()
      if (passed < oldest.end) {
        const lost = await countRecords(Math.max(passed, oldest.base), oldest.end)
        evicted += lost
        log.error(
          { from: oldest.base, to: oldest.end, lost },
          'journal full: evicted messages not yet stored',
        )
      }
      await remove(oldest)
      return true
    },
  }

  async function remove(segment: SealedSegment): Promise<void> {
    const index = segments.indexOf(segment)
    if (index < 0) return
    segments.splice(index, 1)
    const { base, end, after } = segment
    state.setStart(segments[0]?.after ?? (end > base ? end : after))
    await disk.remove(segmentPath(dir, segment.base))
  }

  async function countRecords(from: Cursor, to: Cursor): Promise<number> {
    let count = 0
    for (let at = from; at < to;) {
      const entries = await reader.read(at, COUNT_STEP_BYTES)
      const within = entries.filter((entry) => entry.cursor < to)
      count += within.length
      if (within.length < entries.length) break
      const last = entries.at(-1)
      if (last === undefined) break
      at = last.next
    }
    return count
  }
}

function bytesOf(segment: SealedSegment): number {
  return HEADER_BYTES + segment.end - segment.base
}
