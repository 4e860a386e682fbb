import type { Position } from '#contract/identity.ts'
import type {
  AreaFeature,
  AreaProperties,
  DeviceProperties,
  NetworkFile,
  PipeFeature,
  PipeProperties,
  PointFeature,
  SourceProperties,
  StationProperties,
  ValveProperties,
  WellProperties,
} from '#contract/network.ts'
import { buildNetwork } from '../../server/domain/network/build.ts'
import type { Network } from '../../server/domain/network/network.ts'

/** Small builders for networks. Places are metres east and north of one corner in Wuda. */
const CORNER: Position = [106.71, 39.5]
const M_PER_DEGREE = 111_195

export function place(eastM: number, northM: number): Position {
  const lat = CORNER[1] + northM / M_PER_DEGREE
  return [CORNER[0] + eastM / (M_PER_DEGREE * Math.cos((CORNER[1] * Math.PI) / 180)), lat]
}

type Rest<P> = Partial<Omit<P, 'kind' | 'id'>>

function point(properties: PointFeature['properties'], at: Position): PointFeature {
  return { type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties }
}

export function aSource(id: string, at: Position, more: Rest<SourceProperties> = {}): PointFeature {
  return point({ kind: 'source', id, name: `热源${id}`, network: 'primary', ...more }, at)
}
export function aStation(id: string, at: Position, more: Rest<StationProperties> = {}): PointFeature {
  return point({ kind: 'station', id, name: `换热站${id}`, network: 'primary', ...more }, at)
}
export function aWell(id: string, at: Position, more: Rest<WellProperties> = {}): PointFeature {
  return point({ kind: 'well', id, name: `热力井${id}`, network: 'primary', ...more }, at)
}
export function aValve(id: string, at: Position, more: Rest<ValveProperties> = {}): PointFeature {
  return point({ kind: 'valve', id, name: `阀门${id}`, network: 'primary', ...more }, at)
}
export function aDevice(id: string, more: Partial<DeviceProperties> = {}): DeviceProperties {
  return { id, signals: ['cover_open', 'cover_tilt_deg'], intervalS: 60, ...more }
}

/** A pipe drawn straight between two points. */
export function aPipe(
  id: string,
  from: PointFeature,
  to: PointFeature,
  more: Rest<PipeProperties> = {},
): PipeFeature {
  const coordinates = [from.geometry.coordinates, to.geometry.coordinates]
  const properties: PipeProperties = {
    kind: 'pipe',
    id,
    from: from.properties.id,
    to: to.properties.id,
    network: 'primary',
    class: 'trunk',
    ...more,
  }
  return { type: 'Feature', geometry: { type: 'LineString', coordinates }, properties }
}

/** A rectangle from its south-west to its north-east corner. */
export function anArea(
  department: string,
  [west, south]: Position,
  [east, north]: Position,
  more: Partial<Omit<AreaProperties, 'kind' | 'department'>> = {},
): AreaFeature {
  const ring: Position[] = [
    [west, south],
    [east, south],
    [east, north],
    [west, north],
    [west, south],
  ]
  return {
    type: 'Feature',
    geometry: { type: 'Polygon', coordinates: [ring] },
    properties: { kind: 'area', department, ...more },
  }
}

export function aFile(...features: NetworkFile['features'][number][]): NetworkFile {
  return { type: 'FeatureCollection', features }
}

/** A built network of these features, version 1. */
export function aNetwork(...features: NetworkFile['features'][number][]): Network {
  return buildNetwork(aFile(...features), 1)
}
