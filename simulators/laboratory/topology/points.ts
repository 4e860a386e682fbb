import type { Position } from '#contract/identity.ts'
import type { NetworkFile, PipeProperties, PointProperties } from '#contract/network.ts'
import { between } from '../../seeded-random.ts'

/** A place, m east and north of the corner of the town. */
export interface Place {
  readonly eastM: number
  readonly northM: number
}

const CORNER: Position = [111.62, 40.78]
const METRES_PER_DEGREE = 111_195
const MARGIN_M = 400

function positionOf({ eastM, northM }: Place): Position {
  const lon = CORNER[0] + eastM / (METRES_PER_DEGREE * Math.cos((CORNER[1] * Math.PI) / 180))
  return [round(lon), round(CORNER[1] + northM / METRES_PER_DEGREE)]
}

export function metresBetween(a: Place, b: Place): number {
  return Math.round(Math.hypot(a.eastM - b.eastM, a.northM - b.northM) * 10) / 10
}

/** Ground that slopes and rolls, m above sea level. */
export function elevationAt(seed: number, { eastM, northM }: Place): number {
  const slope = between(seed, [-6, 6], 'slope east') * eastM + between(seed, [-6, 6], 'slope north') * northM
  const hills = 4 * Math.sin(eastM / 700 + between(seed, [0, 6], 'hills')) + 3 * Math.sin(northM / 500)
  return Math.round((1050 + slope / 1000 + hills) * 10) / 10
}

export interface PlacedPoint {
  readonly place: Place
  readonly properties: PointProperties
}

/** Points and pipes as one file, with one area that answers for all of it. */
export function networkFile(
  points: ReadonlyMap<string, PlacedPoint>,
  pipes: readonly PipeProperties[],
): NetworkFile {
  const places = [...points.values()].map(({ place }) => place)
  const east = places.map(({ eastM }) => eastM)
  const north = places.map(({ northM }) => northM)
  const [west, south] = [Math.min(...east) - MARGIN_M, Math.min(...north) - MARGIN_M]
  const [right, top] = [Math.max(...east) + MARGIN_M, Math.max(...north) + MARGIN_M]
  const corner = (eastM: number, northM: number) => positionOf({ eastM, northM })
  const ring = [corner(west, south), corner(right, south), corner(right, top), corner(west, top)]
  return {
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        geometry: { type: 'Polygon', coordinates: [[...ring, ...ring.slice(0, 1)]] },
        properties: { kind: 'area', id: 'area-1', name: '运营一部', department: 'area-1' },
      },
      ...pipes.map((properties) => ({
        type: 'Feature' as const,
        geometry: { type: 'LineString' as const, coordinates: lineOf(points, properties) },
        properties,
      })),
      ...[...points.values()].map(({ place, properties }) => ({
        type: 'Feature' as const,
        geometry: { type: 'Point' as const, coordinates: positionOf(place) },
        properties,
      })),
    ],
  }
}

function lineOf(points: ReadonlyMap<string, PlacedPoint>, { from, to }: PipeProperties): Position[] {
  return [from, to].flatMap((id) => {
    const point = points.get(id)
    return point === undefined ? [] : [positionOf(point.place)]
  })
}

function round(degrees: number): number {
  return Math.round(degrees * 1e6) / 1e6
}
