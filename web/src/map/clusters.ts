export interface Placed<T> {
  readonly item: T
  readonly x: number
  readonly y: number
  /** Never folded away: selected, unacknowledged or overdue. */
  readonly alone: boolean
}

export interface Cluster<T> {
  readonly x: number
  readonly y: number
  readonly items: readonly T[]
}

/**
 * Folds what would overlap on the screen, greedily in the order given, so that the most urgent keeps its
 * place. `distance` in px. What stands at the same spot stays together but is drawn side by side.
 */
export function clusters<T>(places: readonly Placed<T>[], distance: number): readonly Cluster<T>[] {
  const open: { x: number; y: number; items: T[]; alone: boolean }[] = []
  for (const place of places) {
    const near = place.alone
      ? undefined
      : open.find((other) => !other.alone && Math.hypot(other.x - place.x, other.y - place.y) < distance)
    if (near === undefined) open.push({ x: place.x, y: place.y, items: [place.item], alone: place.alone })
    else near.items.push(place.item)
  }
  return open
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
