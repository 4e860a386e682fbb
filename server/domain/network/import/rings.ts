import Flatbush from 'flatbush'
import type { Position } from '#contract/identity.ts'
import type { Complain } from './mistake.ts'

type Segment = readonly [Position, Position]

/** A ring of an area: closed, at least four points, some extent, and no edge across another (RFC 7946 §3.1.6). */
export function checkRing(ring: readonly Position[], path: string, complain: Complain): void {
  const [first, last] = [ring[0], ring.at(-1)]
  if (first === undefined || last === undefined || first[0] !== last[0] || first[1] !== last[1]) {
    complain(
      path,
      '区域边界没有闭合: 最后一点应与第一点相同',
      'the boundary is not closed: its last point should be its first',
    )
    return
  }
  if (ring.length < 4) {
    complain(
      path,
      '区域边界至少要有四个点(首尾相同)',
      'a boundary has at least four points, the last one as the first',
    )
    return
  }
  // A bow tie can have no area in sum: the crossing is the better thing to say.
  const crossing = firstCrossing(ring.slice(1).map((to, i): Segment => [ring[i] ?? to, to]))
  if (crossing === undefined && areaOf(ring, first) < NO_AREA)
    complain(path, '区域边界没有面积', 'the boundary encloses nothing')
  if (crossing === undefined) return
  const [lon, lat] = crossing[0]
  complain(
    path,
    `区域边界自相交,在 [${lon}, ${lat}] 附近`,
    `the boundary crosses itself near [${lon}, ${lat}]`,
  )
}

/** Square degrees below which a ring has no area: about a square decimetre. */
const NO_AREA = 1e-11

function areaOf(ring: readonly Position[], [x0, y0]: Position): number {
  let sum = 0
  for (const [i, [x, y]] of ring.entries()) {
    const [nextX, nextY] = ring[i + 1] ?? [x, y]
    sum += (x - x0) * (nextY - y0) - (nextX - x0) * (y - y0)
  }
  return Math.abs(sum / 2)
}

/** The first edge that another one crosses; edges that only touch are allowed. */
function firstCrossing(segments: readonly Segment[]): Segment | undefined {
  const index = new Flatbush(segments.length)
  for (const [[x1, y1], [x2, y2]] of segments) {
    index.add(Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2))
  }
  index.finish()
  return segments.find((segment, i) => {
    const [[x1, y1], [x2, y2]] = segment
    const box = [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)] as const
    return index.search(...box, (j) => j > i).some((j) => crosses(segment, segments[j]))
  })
}

function crosses([a, b]: Segment, other: Segment | undefined): boolean {
  if (other === undefined) return false
  const [c, d] = other
  return side(a, b, c) * side(a, b, d) < 0 && side(c, d, a) * side(c, d, b) < 0
}

/** On which side of the line a→b the point c lies: positive, negative, or 0 on it. */
function side(a: Position, b: Position, c: Position): number {
  return Math.sign((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]))
}
