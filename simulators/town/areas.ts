import type { AreaFeature } from '#contract/network.ts'
import type { Place } from './ground.ts'
import { positionOf } from './ground.ts'
import { AREA_SPLIT } from './plan.ts'

const EDGE = { west: -20, east: 1020, north: 10, south: 930 }
/** The ground sways, so a border gets a corner every so many units and neighbours share them. */
const STEP = 60

/** The three operating departments and the ground that each answers for. */
export function areas(): readonly AreaFeature[] {
  const [x, y] = AREA_SPLIT
  const { west, east, north, south } = EDGE
  return [
    area('area-1', '运营一部', [
      [west, north],
      [x, north],
      [x, y],
      [x, south],
      [west, south],
    ]),
    area('area-2', '运营二部', [
      [x, north],
      [east, north],
      [east, y],
      [x, y],
    ]),
    area('area-3', '运营三部', [
      [x, y],
      [east, y],
      [east, south],
      [x, south],
    ]),
  ]
}

function area(department: string, name: string, corners: readonly Place[]): AreaFeature {
  const ring = corners.flatMap((corner, i) => border(corner, corners[(i + 1) % corners.length] ?? corner))
  const closed = [...ring, ...ring.slice(0, 1)].map(positionOf)
  return {
    type: 'Feature',
    geometry: { type: 'Polygon', coordinates: [closed] },
    properties: { kind: 'area', id: department, name, department },
  }
}

/** From a corner up to, not including, the next; the same places whichever way it is walked. */
function border(from: Place, to: Place): readonly Place[] {
  const steps = Math.max(1, Math.round(Math.hypot(to[0] - from[0], to[1] - from[1]) / STEP))
  return Array.from({ length: steps }, (_, i): Place => {
    const share = i / steps
    return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share]
  })
}
