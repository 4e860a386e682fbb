import type { Instant } from '../../instant.ts'
import type { AgendaEntry } from './state.ts'

/** A binary heap in a plain array, ordered by instant and then id, so that equal dues keep one order. */
const before = (a: AgendaEntry, b: AgendaEntry): boolean => a.at < b.at || (a.at === b.at && a.id < b.id)

export function enter(agenda: AgendaEntry[], entry: AgendaEntry): void {
  let hole = agenda.push(entry) - 1
  while (hole > 0) {
    const parent = (hole - 1) >> 1
    const above = agenda[parent]
    if (above === undefined || !before(entry, above)) break
    agenda[hole] = above
    hole = parent
  }
  agenda[hole] = entry
}

/** Takes the earliest entry out if it is due. */
export function takeDue(agenda: AgendaEntry[], at: Instant): AgendaEntry | undefined {
  const first = agenda[0]
  if (first === undefined || first.at > at) return undefined
  const last = agenda.pop()
  if (last !== undefined && agenda.length > 0) sink(agenda, last)
  return first
}

function sink(agenda: AgendaEntry[], entry: AgendaEntry): void {
  let hole = 0
  for (;;) {
    const left = agenda[2 * hole + 1]
    const right = agenda[2 * hole + 2]
    if (left === undefined) break
    const rightFirst = right !== undefined && before(right, left)
    const least = rightFirst ? right : left
    if (!before(least, entry)) break
    agenda[hole] = least
    hole = 2 * hole + (rightFirst ? 2 : 1)
  }
  agenda[hole] = entry
}
