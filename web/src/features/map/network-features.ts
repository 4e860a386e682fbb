import type { Feature, FeatureCollection, LineString, MultiPolygon, Point, Polygon } from 'geojson'
import type { Position } from '#contract/identity.ts'
import { areaLabelPosition } from './area-labels.ts'
import type { AreaFeature, NetworkFile, PipeFeature, PointFeature } from '#contract/network.ts'

/** What the map draws, with everything computed that a style expression cannot. */
export interface NetworkDrawing {
  readonly pipes: FeatureCollection<LineString, PipeDrawing>
  readonly points: FeatureCollection<Point, PointDrawing>
  readonly areas: FeatureCollection<Polygon | MultiPolygon, { name: string }>
  readonly areaNames: FeatureCollection<Point, AreaName>
}
interface AreaName {
  readonly name: string
  /** Which end of the name stands at its place: at the rim it reads inwards, and is not cut. */
  readonly anchor: 'left' | 'center' | 'right'
}
export interface PipeDrawing {
  readonly id: string
  readonly from: string
  readonly to: string
  readonly network: 'primary' | 'secondary'
  readonly supply: boolean
  readonly return: boolean
  /** Width of one pipe at the scale where the whole network is seen, px. */
  readonly width: number
  /** Distance of each pipe of a pair from the trench's middle, px. */
  readonly offset: number
  readonly diameter: string
}
interface PointDrawing {
  readonly id: string
  readonly name: string
  /** What is written while the whole network is seen: a station's number. */
  readonly short: string
  readonly network: 'primary' | 'secondary'
  readonly icon: 'source' | 'station' | 'valve-open' | 'valve-closed' | 'well' | 'well-sensor'
  /** Turn of a valve so that it lies along its pipe, degrees clockwise from east. */
  readonly turn: number
}

const WIDTH = { trunk: 3.2, branch: 2, secondary: 1.1 } as const
/** Points among which an area's name looks for room. */
const ENOUGH = 1000
/** The share of the network's width in which a name stands at the rim. */
const RIM = 1 / 8
const GAP = { trunk: 2.2, branch: 1.6, secondary: 1.2 } as const

export function drawNetwork(file: NetworkFile): NetworkDrawing {
  const pipes: Feature<LineString, PipeDrawing>[] = []
  const points: Feature<Point, PointDrawing>[] = []
  const areas: Feature<Polygon | MultiPolygon, { name: string }>[] = []
  const turns = directions(file)
  for (const feature of file.features) {
    const { properties, geometry } = feature
    if (properties.kind === 'pipe') {
      if (geometry.type === 'LineString') pipes.push(drawPipe(feature as PipeFeature))
    } else if (properties.kind === 'area') {
      areas.push({
        type: 'Feature',
        geometry: areaGeometry(feature as AreaFeature),
        properties: { name: properties.name ?? properties.department },
      })
    } else if (geometry.type === 'Point') {
      points.push(drawPoint(feature as PointFeature, turns.get(properties.id) ?? 0))
    }
  }
  return {
    pipes: collection(pipes),
    points: collection(points),
    areas: collection(areas),
    areaNames: collection(nameAreas(file)),
  }
}

function nameAreas(file: NetworkFile): Feature<Point, AreaName>[] {
  const points: Position[] = []
  for (const { geometry } of file.features) if (geometry.type === 'Point') points.push(geometry.coordinates)
  // An even sample says as well where there is room as ten thousand points do.
  const step = Math.ceil(points.length / ENOUGH)
  const drawn = points.filter((_, index) => index % step === 0)
  return file.features.flatMap((feature) => {
    if (feature.properties.kind !== 'area') return []
    const place = areaLabelPosition(feature as AreaFeature, drawn)
    if (place === undefined) return []
    const name = feature.properties.name ?? feature.properties.department
    const properties = { name, anchor: anchorAt(place, drawn) }
    return [{ type: 'Feature', geometry: { type: 'Point', coordinates: [...place] }, properties }]
  })
}

function anchorAt([lon]: Position, drawn: readonly Position[]): AreaName['anchor'] {
  const lons = drawn.map(([each]) => each)
  const [west, east] = [Math.min(...lons), Math.max(...lons)]
  const share = (lon - west) / (east - west)
  return share < RIM ? 'left' : share > 1 - RIM ? 'right' : 'center'
}

function collection<G extends Point | LineString | Polygon | MultiPolygon, P>(
  features: Feature<G, P>[],
): FeatureCollection<G, P> {
  return { type: 'FeatureCollection', features }
}

function areaGeometry({ geometry }: AreaFeature): Polygon | MultiPolygon {
  const ring = (path: readonly Position[]): number[][] => path.map(([lon, lat]) => [lon, lat])
  if (geometry.type === 'Polygon') return { type: 'Polygon', coordinates: geometry.coordinates.map(ring) }
  return { type: 'MultiPolygon', coordinates: geometry.coordinates.map((part) => part.map(ring)) }
}

function drawPipe({ geometry, properties }: PipeFeature): Feature<LineString, PipeDrawing> {
  const size = properties.network === 'secondary' ? 'secondary' : properties.class
  const side = properties.side ?? 'both'
  return {
    type: 'Feature',
    geometry: { type: 'LineString', coordinates: geometry.coordinates.map(([lon, lat]) => [lon, lat]) },
    properties: {
      id: properties.id,
      from: properties.from,
      to: properties.to,
      network: properties.network,
      supply: side !== 'return',
      return: side !== 'supply',
      width: WIDTH[size],
      offset: (WIDTH[size] + GAP[size]) / 2,
      diameter: size === 'trunk' && properties.diameterMm !== undefined ? `DN${properties.diameterMm}` : '',
    },
  }
}

function drawPoint({ geometry, properties }: PointFeature, turn: number): Feature<Point, PointDrawing> {
  const [lon, lat] = geometry.coordinates
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [lon, lat] },
    properties: {
      id: properties.id,
      name: properties.name,
      short:
        properties.kind === 'station'
          ? (/\d+/.exec(properties.name)?.[0] ?? properties.name)
          : properties.name,
      network: properties.network,
      icon: iconOf(properties),
      turn,
    },
  }
}

function iconOf(properties: PointFeature['properties']): PointDrawing['icon'] {
  if (properties.kind === 'valve') return properties.normallyOpen === false ? 'valve-closed' : 'valve-open'
  if (properties.kind !== 'well') return properties.kind
  return (properties.devices?.length ?? 0) > 0 ? 'well-sensor' : 'well'
}

/** Direction of the first pipe that leaves each point, as the screen sees it. */
function directions(file: NetworkFile): ReadonlyMap<string, number> {
  const turns = new Map<string, number>()
  for (const { properties, geometry } of file.features) {
    if (properties.kind !== 'pipe' || geometry.type !== 'LineString') continue
    const path = geometry.coordinates
    const [first, second] = path
    const [last, before] = [path.at(-1), path.at(-2)]
    if (first === undefined || second === undefined || last === undefined || before === undefined) continue
    if (!turns.has(properties.from)) turns.set(properties.from, turnOf(first, second))
    if (!turns.has(properties.to)) turns.set(properties.to, turnOf(before, last))
  }
  return turns
}

function turnOf(from: readonly [number, number], to: readonly [number, number]): number {
  const shrink = Math.cos((from[1] * Math.PI) / 180)
  return (-Math.atan2(to[1] - from[1], (to[0] - from[0]) * shrink) * 180) / Math.PI
}
