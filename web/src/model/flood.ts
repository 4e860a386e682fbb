import { alarmFloods } from '#contract/alarm-flood.ts'
import type { DueRow } from './due-list.ts'

/** Fewer have nothing in common that would be worth a name. */
const MIN_GROUP = 3
const MAX_GROUPS = 3

/** Since when there is a flood; undefined while there is none. */
export function floodSince(instants: readonly number[], now: number): number | undefined {
  const last = alarmFloods(instants, now).at(-1)
  return last?.to === undefined ? last?.from : undefined
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
