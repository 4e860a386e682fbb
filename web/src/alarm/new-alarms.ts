import type { DueRow } from '../board/due-list.ts'

/**
 * Tells the unacknowledged rows that were not there before; what stands on the screen when it is opened is
 * read with the list and is not new. One that went and comes back is told again.
 */
export function newAlarms(): (rows: readonly DueRow[]) => readonly DueRow[] {
  let known: ReadonlySet<string> | undefined
  return (rows) => {
    const before = known
    known = new Set(rows.map(({ ticket }) => ticket.id))
    return before === undefined ? [] : rows.filter(({ ticket }) => !before.has(ticket.id))
  }
}
