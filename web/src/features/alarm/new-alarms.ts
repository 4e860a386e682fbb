import type { DueRow } from '../../model/due-list.ts'

/**
 * Tells the unacknowledged rows that were not there before; what stands on the screen when it is opened is
 * read with the list and is not new, nor is what comes to be seen because the list was narrowed or widened.
 * One that went and comes back is told again.
 */
export function newAlarms(): (rows: readonly DueRow[], narrowed: boolean) => readonly DueRow[] {
  let known: { readonly ids: ReadonlySet<string>; readonly narrowed: boolean } | undefined
  return (rows, narrowed) => {
    const before = known
    known = { ids: new Set(rows.map(({ ticket }) => ticket.id)), narrowed }
    if (before?.narrowed !== narrowed) return []
    return rows.filter(({ ticket }) => !before.ids.has(ticket.id))
  }
}
