import type { Feature, FeatureCollection, LineString, Point, Polygon } from 'geojson'
import type { Position } from '#contract/identity.ts'
import type { NetworkDrawing, PipeDrawing } from './network-features.ts'
import { zoneAround } from './zone.ts'

/** How far beyond its pipes a block without heat is hatched. */
const REACH_M = 25

export interface CutFeatures {
  readonly pipes: FeatureCollection<LineString, PipeDrawing>
  readonly stations: FeatureCollection<Point>
  /** One block for each connected part of the secondary networks. */
  readonly zones: FeatureCollection<Polygon>
}

/** What the map draws of a stretch that loses its supply. */
export function cutFeatures(
  drawing: NetworkDrawing,
  pipeIds: ReadonlySet<string>,
  pointIds: ReadonlySet<string>,
): CutFeatures {
  const pipes = drawing.pipes.features.filter(({ properties }) => pipeIds.has(properties.id))
  const stations = drawing.points.features.filter(
    ({ properties }) => properties.icon === 'station' && pointIds.has(properties.id),
  )
  const blocks = connected(pipes.filter(({ properties }) => properties.network === 'secondary'))
  return {
    pipes: { type: 'FeatureCollection', features: pipes },
    stations: { type: 'FeatureCollection', features: stations },
    zones: { type: 'FeatureCollection', features: blocks.map(blockOf) },
  }
}

/** Pipes in groups that hang together by their ends. */
function connected(
  pipes: readonly Feature<LineString, PipeDrawing>[],
): readonly (readonly Feature<LineString, PipeDrawing>[])[] {
  const above = new Map<string, string>()
  const rootOf = (id: string): string => {
    let root = id
    for (let next = above.get(root); next !== undefined; next = above.get(root)) root = next
    if (root !== id) above.set(id, root)
    return root
  }
  for (const { properties } of pipes) {
    const [from, to] = [rootOf(properties.from), rootOf(properties.to)]
    if (from !== to) above.set(from, to)
  }
  return [...Map.groupBy(pipes, ({ properties }) => rootOf(properties.from)).values()]
}

function blockOf(pipes: readonly Feature<LineString, PipeDrawing>[]): Feature<Polygon> {
  const places = pipes.flatMap(({ geometry }) =>
    geometry.coordinates.map(([lon = 0, lat = 0]): Position => [lon, lat]),
  )
  const ring = zoneAround(places, REACH_M).map(([lon, lat]) => [lon, lat])
  return { type: 'Feature', properties: {}, geometry: { type: 'Polygon', coordinates: [ring] } }
}
