export type Side = 'below' | 'above' | 'right' | 'left'
export interface Size {
  readonly width: number
  readonly height: number
}
interface Spot {
  readonly x: number
  readonly y: number
}
/** A symbol, px: nothing is laid over it. */
export interface Point extends Spot {
  readonly reach: number
}
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}
/** What is to be written beside a symbol: as long as there is room for, and on which side first. */
export interface Wish extends Point {
  readonly sizes: readonly Size[]
  readonly sides: readonly Side[]
}
export interface Plate {
  readonly side: Side
  /** Which of the sizes had room. */
  readonly size: number
  /** Stands apart from its symbol, and a line leads there. */
  readonly away: boolean
}

/** Between a symbol and its plate, and where a line has to lead to it, px at the usual size. */
const NEAR_PX = 8
const AWAY_PX = 34
const ALL: readonly Side[] = ['below', 'above', 'right', 'left']

/**
 * One pass over everything that is written on the map, most urgent first: a plate covers no symbol, no earlier
 * plate and no tool, and is not cut by an edge. It shrinks before it goes away from its symbol, and is left out
 * before it covers anything; undefined: there is no room.
 */
export function layPlates(
  wishes: readonly Wish[],
  taken: { readonly points: readonly Point[]; readonly boxes?: readonly Box[] },
  { scale, within }: { readonly scale: number; readonly within?: Size },
): readonly (Plate | undefined)[] {
  const laid: Box[] = [...taken.points.map(around), ...(taken.boxes ?? [])]
  const inside = ({ left, top, right, bottom }: Box): boolean =>
    within === undefined || (left >= 0 && top >= 0 && right <= within.width && bottom <= within.height)
  return wishes.map((wish) => {
    const own = around(wish)
    const others = laid.filter((box) => !same(box, own))
    for (const plate of tries(wish)) {
      const box = boxOf(wish, plate, scale)
      if (box === undefined || !inside(box) || others.some((other) => overlap(box, other))) continue
      laid.push(box)
      return plate
    }
    return undefined
  })
}

/** Each size on each side beside the symbol, then the shortest apart from it. */
function* tries({ sizes, sides }: Wish): Generator<Plate> {
  for (const size of sizes.keys()) for (const side of sides) yield { side, size, away: false }
  for (const side of sides) yield { side, size: sizes.length - 1, away: true }
}

/** On which side of its point each plate stands, so that it covers no earlier one nor another point. */
export function plateSides(anchors: readonly (Spot & Size)[], gap: number): readonly Side[] {
  const wishes = anchors.map(({ x, y, ...size }) => ({
    x,
    y,
    reach: gap - NEAR_PX,
    sizes: [size],
    sides: ALL,
  }))
  const points = anchors.map(({ x, y }) => ({ x, y, reach: gap - NEAR_PX }))
  return layPlates(wishes, { points }, { scale: 1 }).map((plate) => plate?.side ?? 'below')
}

/** Wide as letters of the usual size are; Chinese ones are as wide as high. */
export function plateSize(text: string, scale: number): Size {
  const letters = [...text].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 14 : 8), 0)
  return { width: (letters + 18) * scale, height: 27 * scale }
}

function around({ x, y, reach }: Point): Box {
  return { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach }
}

/** What a plate takes up, px. */
export function boxOf(
  { x, y, reach, sizes }: Wish,
  { side, size, away }: Plate,
  scale: number,
): Box | undefined {
  const of = sizes[size]
  if (of === undefined) return undefined
  const gap = reach + (away ? AWAY_PX : NEAR_PX) * scale
  const [left, top] =
    side === 'below' || side === 'above'
      ? [x - of.width / 2, side === 'below' ? y + gap : y - gap - of.height]
      : [side === 'right' ? x + gap : x - gap - of.width, y - of.height / 2]
  return { left, top, right: left + of.width, bottom: top + of.height }
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom
}

function same(a: Box, b: Box): boolean {
  return a.left === b.left && a.top === b.top && a.right === b.right && a.bottom === b.bottom
}
