import type { DraftFeature } from './converted.ts'
import type { SourceGeometry } from './source-layer.ts'

/** The converted layers as the GeoJSON of a network file; each feature keeps where it came from as `origin`. */
export function writeFeatures(drafts: readonly DraftFeature[]): object {
  return {
    type: 'FeatureCollection',
    crs: { type: 'name', properties: { name: 'EPSG:4326' } },
    features: drafts.map(({ properties, geometry, origin }) => ({
      type: 'Feature',
      properties,
      geometry: geometry === undefined ? null : geoJson(geometry),
      origin,
    })),
  }
}

function geoJson(geometry: SourceGeometry): object {
  switch (geometry.type) {
    case 'point':
      return { type: 'Point', coordinates: geometry.at }
    case 'line':
      return geometry.lines.length === 1
        ? { type: 'LineString', coordinates: geometry.lines[0] }
        : { type: 'MultiLineString', coordinates: geometry.lines }
    case 'polygon':
      return geometry.polygons.length === 1
        ? { type: 'Polygon', coordinates: geometry.polygons[0] }
        : { type: 'MultiPolygon', coordinates: geometry.polygons }
  }
}
