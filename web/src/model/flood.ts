import { FLOOD } from './alarm-rate.ts'
import type { DueRow } from './due-list.ts'

const WINDOW_MS = 10 * 60_000
/** It has ended when fewer than this come in ten minutes (EEMUA 191): one that stands at its edge does not flicker. */
const OVER = 5
/** Fewer have nothing in common that would be worth a name. */
const MIN_GROUP = 3
const MAX_GROUPS = 3

/** Since when more than ten new alarms came in ten minutes; undefined while there is no flood. */
export function floodSince(instants: readonly number[], now: number): number | undefined {
  const past = instants.filter((at) => at <= now).sort((a, b) => a - b)
  const inWindow = (at: number): number => past.filter((one) => one > at - WINDOW_MS && one <= at).length
  // The number of those in the window changes where one comes, and where one has become ten minutes old.
  const changes = past.flatMap((at) => [at, at + WINDOW_MS]).filter((at) => at <= now)
  let since: number | undefined
  for (const at of changes.sort((a, b) => a - b)) {
    const count = inWindow(at)
    if (since === undefined && count > FLOOD) since = at
    else if (since !== undefined && count < OVER) since = undefined
  }
  return since
}

export interface FloodGroup {
  /** Undefined: what has nothing in common with the others. */
  readonly name: string | undefined
  readonly rows: readonly DueRow[]
}

/** What the alarms of a flood may have in common: the line that they lie on, the largest group first, the rest last. */
export function floodGroups(
  rows: readonly DueRow[],
  lineOf: (row: DueRow) => string | undefined,
): readonly FloodGroup[] {
  const byLine = new Map<string, DueRow[]>()
  for (const row of rows) {
    const line = lineOf(row)
    if (line !== undefined) byLine.set(line, [...(byLine.get(line) ?? []), row])
  }
  const named = [...byLine]
    .filter(([, members]) => members.length >= MIN_GROUP)
    .sort(([, a], [, b]) => b.length - a.length)
    .slice(0, MAX_GROUPS)
    .map(([name, members]) => ({ name, rows: members }))
  const grouped = new Set(named.flatMap((group) => group.rows))
  const rest = rows.filter((row) => !grouped.has(row))
  return rest.length === 0 ? named : [...named, { name: undefined, rows: rest }]
}
