import type { Decoded } from '../../domain/telemetry/decode.ts'
import type { DeviceMessage } from '../../domain/telemetry/reading.ts'
import type { Cursor } from '../ports.ts'

/** A message of the journal, decoded; its bytes are on disk. */
export interface DecodedEntry {
  readonly cursor: Cursor
  readonly next: Cursor
  readonly message: Omit<DeviceMessage, 'body'>
  readonly decoded: Decoded
}

/**
 * What has just been put on disk, for a consumer in the same thread that keeps up: it need not read and
 * decode again what the door has decoded. One that is further behind reads the journal.
 */
export interface RecentMessages {
  keep(entry: DecodedEntry): void
  /** Those from this place on, without a gap, and forgets them; empty when the journal must be read. */
  take(from: Cursor): readonly DecodedEntry[]
}

const MOST = 10_000
/** Of the journal; decoded they take several times as much. */
const MAX_BYTES = 8 * 1024 * 1024
const MAX_AT_ONCE = 2000

export function createRecentMessages(most = MOST): RecentMessages {
  /** In order and without a gap; what lies before `first` is taken. */
  let entries: DecodedEntry[] = []
  let first = 0

  function forget(): void {
    entries = []
    first = 0
  }

  return {
    keep(entry) {
      const newest = entries.at(-1)
      const gap = newest !== undefined && newest.next !== entry.cursor
      const bytes = entry.next - (entries[first]?.cursor ?? entry.cursor)
      if (gap || entries.length - first >= most || bytes > MAX_BYTES) forget()
      entries.push(entry)
    },
    take(from) {
      while (first < entries.length && (entries[first]?.cursor ?? from) < from) first += 1
      if (entries[first]?.cursor !== from) {
        if (first === entries.length) forget()
        return []
      }
      const taken = entries.slice(first, first + MAX_AT_ONCE)
      first += taken.length
      if (first === entries.length) forget()
      return taken
    },
  }
}
