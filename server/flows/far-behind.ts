import type { Cursor, JournalReader } from './ports.ts'

const MAX_BEHIND = 1 / 4

/**
 * Whether a consumer's saved place lies so far back that it has to be saved anew: the journal keeps all
 * behind it, and would have no room.
 */
export function isFarBehind(journal: Pick<JournalReader, 'capacity'>, at: Cursor, saved: Cursor): boolean {
  return at - saved > MAX_BEHIND * journal.capacity()
}
