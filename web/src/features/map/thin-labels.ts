interface Spot {
  readonly x: number
  readonly y: number
}

/** Those that stand `gap` px from every earlier one, and `clear` px from what is drawn already. */
export function apart<T extends Spot>(
  spots: readonly T[],
  gap: number,
  drawn: readonly Spot[],
  clear: number,
): readonly T[] {
  const kept: T[] = []
  const near = (a: Spot, b: Spot, reach: number): boolean => Math.hypot(a.x - b.x, a.y - b.y) < reach
  for (const spot of spots) {
    if (drawn.some((one) => near(one, spot, clear)) || kept.some((one) => near(one, spot, gap))) continue
    kept.push(spot)
  }
  return kept
}
