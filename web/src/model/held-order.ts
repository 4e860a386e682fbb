import type { DueRow } from './due-list.ts'

/**
 * The rows in the order in which they stand on the screen, while a pointer is over them: who is new comes
 * in where it belongs, who is gone leaves, nobody else moves under the hand.
 */
export function heldOrder(fresh: readonly DueRow[], shown: readonly string[]): readonly DueRow[] {
  const known = new Set(shown)
  const byId = new Map(fresh.map((row) => [row.ticket.id, row]))
  const kept = shown.flatMap((id) => byId.get(id) ?? [])
  const order = [...kept]
  fresh.forEach((row, index) => {
    if (known.has(row.ticket.id)) return
    const after = fresh.slice(index + 1).find((next) => known.has(next.ticket.id))
    const at = after === undefined ? order.length : order.indexOf(after)
    order.splice(at, 0, row)
  })
  return order
}
