import type { DueRow } from './due-list.ts'

/** So many of the gravest stand on every page of the wall. */
const HEAD = 3

export interface WallPage {
  readonly rows: readonly DueRow[]
  /** From 1. */
  readonly page: number
  readonly pages: number
}

/** The rows of the wall at its `turn`-th page: the gravest always, the others in turn, `fits` at once. */
export function wallPage(rows: readonly DueRow[], fits: number, turn: number): WallPage {
  if (rows.length <= fits) return { rows, page: 1, pages: 1 }
  const head = Math.min(HEAD, Math.max(0, fits - 1))
  const each = Math.max(1, fits - head)
  const pages = Math.ceil((rows.length - head) / each)
  const page = turn % pages
  const from = head + page * each
  return { rows: [...rows.slice(0, head), ...rows.slice(from, from + each)], page: page + 1, pages }
}

/** What the wall looks at: the newest alarm that nobody has acknowledged, never a lower level beside an emergency. */
export function wallFocus(rows: readonly DueRow[]): DueRow | undefined {
  return rows.find(({ ticket }) => ticket.level === 'special' || ticket.level === 'first') ?? rows[0]
}
