import type { Position } from '#contract/identity.ts'

export const METRES_PER_DEGREE = 111_320

/** Distance in metres, good to 0.1 % within a city. */
export function distanceM(a: Position, b: Position): number {
  const shrink = Math.cos((((a[1] + b[1]) / 2) * Math.PI) / 180)
  return Math.hypot((a[0] - b[0]) * shrink, a[1] - b[1]) * METRES_PER_DEGREE
}
