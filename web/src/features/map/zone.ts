import type { Position } from '#contract/identity.ts'
import { METRES_PER_DEGREE } from '../../model/distance.ts'

const CORNERS = 36

/** A rounded outline around some places, `radiusM` beyond them: a closed ring, counter-clockwise. */
export function zoneAround(places: readonly Position[], radiusM: number): readonly Position[] {
  const around: Position[] = []
  for (const [lon, lat] of places) {
    const high = radiusM / METRES_PER_DEGREE
    const wide = high / Math.cos((lat * Math.PI) / 180)
    for (let corner = 0; corner < CORNERS; corner += 1) {
      const angle = (corner / CORNERS) * 2 * Math.PI
      around.push([lon + wide * Math.cos(angle), lat + high * Math.sin(angle)])
    }
  }
  const hull = convexHull(around)
  const [first] = hull
  return first === undefined ? [] : [...hull, first]
}

/** Andrew's monotone chain. */
function convexHull(points: readonly Position[]): readonly Position[] {
  const sorted = [...points].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  const lower = halfHull(sorted)
  const upper = halfHull(sorted.reverse())
  return [...lower.slice(0, -1), ...upper.slice(0, -1)]
}

function halfHull(sorted: readonly Position[]): Position[] {
  const hull: Position[] = []
  for (const point of sorted) {
    for (;;) {
      const [b, a] = [hull.at(-1), hull.at(-2)]
      if (a === undefined || b === undefined || turn(a, b, point) > 0) break
      hull.pop()
    }
    hull.push(point)
  }
  return hull
}

function turn(a: Position, b: Position, c: Position): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
}
