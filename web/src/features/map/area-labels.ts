import type { Position } from '#contract/identity.ts'
import type { AreaFeature } from '#contract/network.ts'
import { distanceM } from '../../model/distance.ts'

const GRID = 16

/**
 * Where an area's name disturbs least: of a grid of places inside it, the one farthest from everything
 * that is drawn, but not farther than the network itself reaches.
 */
export function areaLabelPosition(area: AreaFeature, drawn: readonly Position[]): Position | undefined {
  const rings = area.geometry.type === 'Polygon' ? [area.geometry.coordinates] : area.geometry.coordinates
  const outer = rings.map(([ring]) => ring ?? [])
  const [west, south, east, north] = extent(drawn.length > 0 ? drawn : outer.flat())
  let best: Position | undefined
  let most = -1
  for (let column = 0; column <= GRID; column += 1) {
    for (let row = 0; row <= GRID; row += 1) {
      const place: Position = [west + ((east - west) * column) / GRID, south + ((north - south) * row) / GRID]
      if (!outer.some((ring) => contains(ring, place))) continue
      const free = drawn.reduce((least, other) => Math.min(least, distanceM(place, other)), Infinity)
      if (free > most) [best, most] = [place, free]
    }
  }
  return best
}

function extent(places: readonly Position[]): readonly [number, number, number, number] {
  const lons = places.map(([lon]) => lon)
  const lats = places.map(([, lat]) => lat)
  return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)]
}

/** Ray casting; a place on the edge may fall either way, which matters to no label. */
function contains(ring: readonly Position[], [x, y]: Position): boolean {
  let inside = false
  for (const [index, [x1, y1]] of ring.entries()) {
    const [x2, y2] = ring[(index + 1) % ring.length] ?? [x1, y1]
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside
  }
  return inside
}
