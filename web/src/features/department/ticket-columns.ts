import type { DueRow } from '../../model/due-list.ts'
import type { TicketState } from '#contract/vocabulary.ts'

export type ColumnName = 'waiting' | 'hand' | 'work' | 'closing'
export const COLUMNS: readonly ColumnName[] = ['waiting', 'hand', 'work', 'closing']

const WAITING: readonly TicketState[] = ['under_review', 'dispatched']
const HAND: readonly TicketState[] = ['accepted', 'assigned', 'en_route', 'returned']
const CLOSING: readonly TicketState[] = ['submitted', 'callback_due']

/** In which column of the board a ticket stands: by whose move is next. */
export function columnOf(state: TicketState): ColumnName {
  if (WAITING.includes(state)) return 'waiting'
  if (HAND.includes(state)) return 'hand'
  return CLOSING.includes(state) ? 'closing' : 'work'
}

/** Rows by column, each by the next due instant. */
export function ticketColumns(rows: readonly DueRow[]): Readonly<Record<ColumnName, readonly DueRow[]>> {
  const columns: Record<ColumnName, DueRow[]> = { waiting: [], hand: [], work: [], closing: [] }
  for (const row of rows) columns[columnOf(row.ticket.state)].push(row)
  for (const column of COLUMNS) {
    columns[column].sort((a, b) => (a.next?.dueMs ?? Infinity) - (b.next?.dueMs ?? Infinity))
  }
  return columns
}
