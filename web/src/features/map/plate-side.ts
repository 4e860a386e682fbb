interface Spot {
  readonly x: number
  readonly y: number
}
export interface PlateRoom {
  /** Width of the map, px. */
  readonly width: number
  /** How much larger than usual everything is drawn. */
  readonly scale: number
  /** Length of a plate, px at the usual size. */
  readonly long: number
}
export type PlateSide = 'right' | 'left' | 'above' | 'below'

/** Around the middle of a symbol, px at the usual size: where its plate begins, and what another symbol covers. */
const [NEAR, HALF] = [16, 24]

/**
 * Where the plate of an event stands: on the side asked for, or beside its symbol towards the middle of the
 * map, else wherever no other symbol covers it and the map has room.
 */
export function plateSide(
  at: Spot,
  others: readonly Spot[],
  { width, scale, long }: PlateRoom,
  wanted?: PlateSide,
): PlateSide {
  const free = (side: PlateSide): boolean =>
    others.every((one) => {
      const [dx, dy] = [(one.x - at.x) / scale, (one.y - at.y) / scale]
      const level = side === 'right' || side === 'left'
      const ahead = { right: dx, left: -dx, above: -dy, below: dy }[side]
      const across = Math.abs(level ? dy : dx)
      const [far, wide] = level ? [2 * NEAR + long, NEAR] : [4 * NEAR, long / 2]
      return ahead <= NEAR || ahead >= far + HALF || across >= wide + HALF
    })
  const [before, after] = [at.x / scale, (width - at.x) / scale]
  const room = {
    right: after > 2 * NEAR + long,
    left: before > 2 * NEAR + long,
    above: Math.min(before, after) > long / 2,
    below: Math.min(before, after) > long / 2,
  }
  const inward = before < after ? 'right' : 'left'
  const first = wanted ?? inward
  const sides: readonly PlateSide[] = [first, inward, 'right', 'left', 'above', 'below']
  return sides.find((side) => (side === first || room[side]) && free(side)) ?? first
}
