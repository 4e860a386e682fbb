import type { DueRow } from './due-list.ts'

const HOUR_MS = 3_600_000

export interface Tally {
  readonly unacknowledged: number
  readonly overdue: number
  readonly withinHour: number
  readonly open: number
}

/** The list in four figures. */
export function tally(rows: readonly DueRow[], now: number): Tally {
  const left = rows.flatMap(({ next }) => (next === undefined ? [] : [next.dueMs - now]))
  return {
    unacknowledged: rows.filter((row) => row.unacknowledged).length,
    overdue: left.filter((ms) => ms < 0).length,
    withinHour: left.filter((ms) => ms >= 0 && ms < HOUR_MS).length,
    open: rows.length,
  }
}
