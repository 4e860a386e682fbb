interface Spot {
  readonly x: number
  readonly y: number
}

/** From the middle of a symbol: where its plate begins and ends, and how far above and below one reaches, px. */
const [NEAR, FAR, HIGH] = [16, 190, 38]

/**
 * Whether the plate of an alarm stands to the right of its symbol: towards the middle of the map, unless
 * another symbol stands there and none on the other side.
 */
export function plateToTheRight(at: Spot, others: readonly Spot[], width: number, scale: number): boolean {
  const inward = at.x < width / 2
  const taken = (right: boolean): boolean =>
    others.some((one) => {
      const ahead = (right ? one.x - at.x : at.x - one.x) / scale
      return ahead > NEAR && ahead < FAR && Math.abs(one.y - at.y) / scale < HIGH
    })
  const room = (inward ? at.x : width - at.x) / scale > FAR
  return taken(inward) && room && !taken(!inward) ? !inward : inward
}
