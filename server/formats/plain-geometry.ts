import type { Geometry, Position as GeoJsonPosition } from 'geojson'
import type { Position } from '#contract/identity.ts'
import type { SourceGeometry } from '../domain/network/delivery/source-layer.ts'

/** A geometry of another program without heights; several points of one row are none of ours. */
export function plainGeometry(geometry: Geometry | null | undefined): SourceGeometry | undefined {
  switch (geometry?.type) {
    case 'Point':
      return geometry.coordinates.length === 0 ? undefined : { type: 'point', at: flat(geometry.coordinates) }
    case 'MultiPoint':
      return geometry.coordinates.length === 1
        ? { type: 'point', at: flat(geometry.coordinates[0] ?? []) }
        : undefined
    case 'LineString':
      return lineOf([geometry.coordinates])
    case 'MultiLineString':
      return lineOf(geometry.coordinates)
    case 'Polygon':
      return { type: 'polygon', polygons: [geometry.coordinates.map((ring) => ring.map(flat))] }
    case 'MultiPolygon':
      return {
        type: 'polygon',
        polygons: geometry.coordinates.map((rings) => rings.map((ring) => ring.map(flat))),
      }
    default:
      return undefined
  }
}

function lineOf(parts: readonly GeoJsonPosition[][]): SourceGeometry | undefined {
  const lines = parts.filter((part) => part.length > 1).map((part) => part.map(flat))
  return lines.length === 0 ? undefined : { type: 'line', lines }
}

function flat([x = NaN, y = NaN]: GeoJsonPosition): Position {
  return [x, y]
}
