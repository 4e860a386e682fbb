export interface Anchor {
  readonly x: number
  readonly y: number
  /** Size of the plate beside it, px. */
  readonly width: number
  readonly height: number
}
export type Side = 'below' | 'above' | 'right' | 'left'
interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

const SIDES: readonly Side[] = ['below', 'above', 'right', 'left']

/** On which side of its point each plate stands, so that it covers no earlier one nor another point. */
export function plateSides(anchors: readonly Anchor[], gap: number): readonly Side[] {
  const taken: Box[] = anchors.map(({ x, y }) => around(x, y, gap))
  return anchors.map((anchor, index) => {
    const others = taken.filter((_, other) => other !== index)
    const side = SIDES.find((one) => !others.some((box) => overlap(box, boxOf(anchor, one, gap)))) ?? 'below'
    taken.push(boxOf(anchor, side, gap))
    return side
  })
}

function around(x: number, y: number, reach: number): Box {
  return { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }
}

function boxOf({ x, y, width, height }: Anchor, side: Side, gap: number): Box {
  const [left, top] =
    side === 'below' || side === 'above'
      ? [x - width / 2, side === 'below' ? y + gap : y - gap - height]
      : [side === 'right' ? x + gap : x - gap - width, y - height / 2]
  return { left, top, right: left + width, bottom: top + height }
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}
