import { AttributionControl, Map as MapLibre, ScaleControl, setWorkerUrl } from 'maplibre-gl'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import 'maplibre-gl/dist/maplibre-gl.css'
import type { ExpressionSpecification, StyleSpecification } from 'maplibre-gl'
import type { Feature, FeatureCollection } from 'geojson'
import { readPalette } from '../../parts/underlay/read-palette.ts'
import type { Underlay } from '../../parts/underlay/underlay.ts'

setWorkerUrl(workerUrl)

export interface PreviewDrawing {
  /** The network file that the delivery became. */
  readonly map: FeatureCollection
  readonly added: ReadonlySet<string>
  readonly changed: ReadonlySet<string>
  /** Places that a person should look at. */
  readonly places: readonly (readonly [number, number])[]
}

/** The delivered network on streets: what is new, what is changed, and where to look. */
export function drawPreview(container: HTMLElement, drawing: PreviewDrawing, underlay: Underlay): () => void {
  const palette = readPalette()
  const change = ['get', 'change'] as const
  const color: ExpressionSpecification = [
    'match',
    [...change],
    'added',
    palette.primarySupply,
    'changed',
    palette.text1,
    palette.text3,
  ]
  const style: StyleSpecification = {
    version: 8,
    sources: {
      ...underlay.sources,
      network: { type: 'geojson', data: withChange(drawing) },
      places: { type: 'geojson', data: asPoints(drawing.places) },
    },
    ...(underlay.sprite === undefined ? {} : { sprite: underlay.sprite }),
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': palette.ground } },
      ...underlay.layers,
      {
        id: 'areas',
        type: 'line',
        source: 'network',
        filter: ['==', ['geometry-type'], 'Polygon'],
        paint: { 'line-color': palette.line, 'line-dasharray': [3, 2] },
      },
      {
        id: 'pipes',
        type: 'line',
        source: 'network',
        filter: ['==', ['geometry-type'], 'LineString'],
        paint: { 'line-color': color, 'line-width': 2 },
      },
      {
        id: 'points',
        type: 'circle',
        source: 'network',
        filter: ['==', ['geometry-type'], 'Point'],
        paint: {
          'circle-color': palette.panel,
          'circle-radius': ['match', ['get', 'kind'], ['source', 'station'], 6, 3.5],
          'circle-stroke-color': color,
          'circle-stroke-width': 1.5,
        },
      },
      {
        id: 'places',
        type: 'circle',
        source: 'places',
        paint: {
          'circle-color': 'rgba(0,0,0,0)',
          'circle-radius': 11,
          'circle-stroke-color': palette.text1,
          'circle-stroke-width': 2.5,
        },
      },
    ],
  }
  const map = new MapLibre({
    container,
    style,
    attributionControl: false,
    fadeDuration: 0,
    dragRotate: false,
    maxZoom: 20,
  })
  map.addControl(new ScaleControl({ maxWidth: 120 }), 'bottom-right')
  if (underlay.layers.length > 0) map.addControl(new AttributionControl({ compact: false }), 'bottom-right')
  // Streets that do not come are no fault of the preview.
  map.on('error', () => undefined)
  const bounds = boundsOf(drawing.map)
  if (bounds !== undefined) map.fitBounds(bounds, { padding: 40, duration: 0, maxZoom: 17 })
  return () => map.remove()
}

function withChange({ map, added, changed }: PreviewDrawing): FeatureCollection {
  const changeOf = (id: string): string => (added.has(id) ? 'added' : changed.has(id) ? 'changed' : 'same')
  const drawn = map.features.filter((feature): feature is Feature => feature.geometry !== null)
  return {
    type: 'FeatureCollection',
    features: drawn.map(({ geometry, properties }) => ({
      type: 'Feature',
      geometry,
      properties: { kind: properties?.['kind'], change: changeOf(String(properties?.['id'])) },
    })),
  }
}

function asPoints(places: PreviewDrawing['places']): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: places.map(([lon, lat]) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [lon, lat] },
      properties: {},
    })),
  }
}

/** West, south, east, north of what can be on a map at all. */
function boundsOf({ features }: FeatureCollection): [number, number, number, number] | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  const take = (value: unknown): void => {
    if (!Array.isArray(value)) return
    const [lon, lat]: unknown[] = value
    if (typeof lon !== 'number' || typeof lat !== 'number') value.forEach(take)
    else if (Math.abs(lon) <= 180 && Math.abs(lat) <= 85) {
      ;[west, south] = [Math.min(west, lon), Math.min(south, lat)]
      ;[east, north] = [Math.max(east, lon), Math.max(north, lat)]
    }
  }
  for (const { geometry } of features)
    if (geometry !== null && 'coordinates' in geometry) take(geometry.coordinates)
  return west > east ? undefined : [west, south, east, north]
}
