import type {
  AreaFeature,
  NetworkFile,
  PipeFeature,
  PipeProperties,
  PointFeature,
  PointProperties,
} from '#contract/network.ts'
import type { Place } from './ground.ts'
import { UNIT_M, elevationOf, lengthOf, positionOf } from './ground.ts'
import { addressOf } from './streets.ts'

type Drawn = 'elevationM' | 'address'
/** Properties of a point before its place says the rest. */
type PointSketch = PointProperties extends infer P
  ? P extends PointProperties
    ? Omit<P, Drawn>
    : never
  : never
type PipeSketch = Omit<PipeProperties, 'kind' | 'lengthM' | 'address'>

interface DraftPoint {
  readonly place: Place
  properties: PointProperties
}

/** The network while it is being drawn; a place holds one point. */
export interface Draft {
  at(place: Place): string | undefined
  place(id: string): Place
  point(place: Place, sketch: PointSketch): string
  pipe(line: readonly Place[], sketch: PipeSketch): void
  /** Rewrites a point that is already drawn. */
  change(id: string, change: (properties: PointProperties) => PointProperties): void
  points(): readonly PointProperties[]
  finish(areas: readonly AreaFeature[]): NetworkFile
}

export function createDraft(): Draft {
  const points = new Map<string, DraftPoint>()
  const idAt = new Map<string, string>()
  const pipes: PipeFeature[] = []

  const known = (id: string): DraftPoint => {
    const point = points.get(id)
    if (point === undefined) throw new Error(`no point ${id} on the plan`)
    return point
  }
  return {
    at: (place) => idAt.get(keyOf(place)),
    place: (id) => known(id).place,
    point(place, sketch) {
      if (points.has(sketch.id)) throw new Error(`point ${sketch.id} is drawn twice`)
      const properties = { ...sketch, address: addressOf(place), elevationM: elevationOf(place) }
      points.set(sketch.id, { place, properties })
      idAt.set(keyOf(place), sketch.id)
      return sketch.id
    },
    pipe(line, sketch) {
      const middle = line[Math.floor(line.length / 2)] ?? known(sketch.from).place
      const lengthM = Math.round(lengthOf(line) * UNIT_M * 10) / 10
      pipes.push({
        type: 'Feature',
        geometry: { type: 'LineString', coordinates: line.map(positionOf) },
        properties: { kind: 'pipe', ...sketch, lengthM, address: addressOf(middle) },
      })
      for (const id of [sketch.from, sketch.to]) {
        const { properties } = known(id)
        if (properties.kind === 'well' && properties.onPipe === undefined) {
          known(id).properties = { ...properties, onPipe: sketch.id }
        }
      }
    },
    change(id, change) {
      const point = known(id)
      point.properties = change(point.properties)
    },
    points: () => [...points.values()].map((point) => point.properties),
    finish(areas) {
      const features = [...points.values()].map(({ place, properties }): PointFeature => ({
        type: 'Feature',
        geometry: { type: 'Point', coordinates: positionOf(place) },
        properties,
      }))
      return { type: 'FeatureCollection', features: [...areas, ...pipes, ...features] }
    },
  }
}

function keyOf([x, y]: Place): string {
  return `${x.toFixed(1)},${y.toFixed(1)}`
}
