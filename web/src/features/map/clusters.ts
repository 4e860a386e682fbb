export interface Placed<T> {
  readonly item: T
  readonly x: number
  readonly y: number
  /** Unacknowledged or overdue: never folded away among what is calm. */
  readonly urgent: boolean
  /** Selected: never folded at all. */
  readonly pinned: boolean
}

export interface Cluster<T> {
  readonly x: number
  readonly y: number
  readonly items: readonly T[]
  readonly urgent: boolean
}

/**
 * Folds what would overlap on the screen, greedily in the order given, so that what is most urgent keeps its
 * place. Urgent folds with urgent and calm with calm; in a flood the urgent ones would cover each other
 * otherwise. `distance` in px. What stands at the same spot stays together but is drawn side by side.
 * A ring is wider than a symbol: rings of which one would cover the other, `ring` px apart, become one.
 */
export function clusters<T>(
  places: readonly Placed<T>[],
  distance: number,
  ring = distance,
): readonly Cluster<T>[] {
  const open: Open<T>[] = []
  for (const { item, x, y, urgent, pinned } of places) {
    const near = pinned
      ? undefined
      : open.find(
          (other) =>
            !other.pinned && other.urgent === urgent && Math.hypot(other.x - x, other.y - y) < distance,
        )
    if (near === undefined) open.push({ x, y, items: [item], urgent, pinned })
    else near.items.push(item)
  }
  return ring > distance ? joinRings(open, ring) : open
}

interface Open<T> {
  readonly x: number
  readonly y: number
  readonly items: T[]
  readonly urgent: boolean
  readonly pinned: boolean
}

/** A calm ring goes into an urgent one that would cover it: nothing urgent is hidden by that. */
function joinRings<T>(groups: readonly Open<T>[], ring: number): readonly Open<T>[] {
  const kept: Open<T>[] = []
  for (const group of [...groups].sort((a, b) => Number(b.urgent) - Number(a.urgent))) {
    const near = group.pinned
      ? undefined
      : kept.find(
          (other) =>
            !other.pinned &&
            other.items.length > 1 &&
            (other.urgent || !group.urgent) &&
            Math.hypot(other.x - group.x, other.y - group.y) < ring,
        )
    if (near === undefined) kept.push(group)
    else near.items.push(...group.items)
  }
  return kept
}

/** Shares of a ring, as start and end turns 0…1 with a gap between them. */
export function ringParts(counts: readonly number[], gap = 0.02): readonly (readonly [number, number])[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  const shown = counts.filter((count) => count > 0).length
  const space = shown > 1 ? gap : 0
  let at = 0
  return counts.map((count) => {
    const start = at
    at += total === 0 ? 0 : count / total
    return [start, Math.max(start, at - space)] as const
  })
}
