import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { FeatureCollection } from 'geojson'
import { blindPipes, silentNames } from './blind-layers.ts'
import { byZoom } from './by-zoom.ts'
import { cutPipes, cutStations, cutZones } from './cut-layers.ts'
import type { NetworkDrawing } from './network-features.ts'
import type { Palette } from '../../parts/underlay/palette.ts'

function pipes(network: 'primary' | 'secondary', palette: Palette): LayerSpecification[] {
  const width: ExpressionSpecification = ['get', 'width']
  const offset: ExpressionSpecification = ['get', 'offset']
  const layout = { 'line-join': 'round', 'line-cap': 'butt' } as const
  const side = (name: 'supply' | 'return', color: string, sign: 1 | -1): LayerSpecification => ({
    id: `${network}-${name}`,
    type: 'line',
    source: 'pipes',
    filter: ['all', ['==', ['get', 'network'], network], ['get', name]],
    layout,
    paint: {
      'line-color': color,
      'line-width': byZoom(width, palette, name === 'supply' ? 1 : 0.85),
      'line-offset': byZoom(offset, palette, sign),
    },
  })
  const [supply, back] =
    network === 'primary'
      ? [palette.primarySupply, palette.primaryReturn]
      : [palette.secondarySupply, palette.secondaryReturn]
  const casing: LayerSpecification = {
    id: `${network}-casing`,
    type: 'line',
    source: 'pipes',
    filter: ['==', ['get', 'network'], network],
    layout,
    paint: {
      'line-color': palette.ground,
      'line-width': byZoom(['+', ['*', 2, width], ['*', 2, offset]] as ExpressionSpecification, palette),
      // Nothing, but told as for the pipes: so it is drawn by the same program, and one fewer is built at the start.
      'line-offset': byZoom(['*', 0, offset] as ExpressionSpecification, palette),
    },
  }
  return [casing, side('return', back, 1), side('supply', supply, -1)]
}

/** A name at the rim may stand out as far as the map's edge allows. */
const OVER_THE_RIM: ExpressionSpecification = [
  'match',
  ['get', 'anchor'],
  'left',
  ['literal', [-0.8, 0]],
  'right',
  ['literal', [1.2, 0]],
  ['literal', [0, 0]],
]

function label(
  palette: Palette,
  id: string,
  more: Partial<Extract<LayerSpecification, { type: 'symbol' }>>,
): LayerSpecification {
  return {
    id,
    type: 'symbol',
    source: 'points',
    ...more,
    layout: {
      'text-font': [...palette.fonts],
      'text-size': 14 * palette.scale,
      'text-padding': 3,
      'text-anchor': 'bottom-left',
      'text-offset': [0.55, -0.35],
      'text-optional': true,
      ...more.layout,
    },
    paint: {
      'text-color': palette.text3,
      'text-opacity': ['case', ['boolean', ['feature-state', 'named'], false], 0, 1],
      'text-halo-color': palette.ground,
      'text-halo-width': 2 * palette.scale,
      ...more.paint,
    },
  } as LayerSpecification
}

/** Live state of a point without touching its data: a lost sensor fades, its own symbol says why. */
const silent: ExpressionSpecification = ['==', ['feature-state', 'health'], 'silent']
const faulty: ExpressionSpecification = ['==', ['feature-state', 'health'], 'fault']

/** Wells by what can be told apart at a scale: those with sensors first, those of the houses last. */
function wells(
  id: string,
  palette: Palette,
  minzoom: number,
  filter: ExpressionSpecification,
): LayerSpecification {
  return {
    id,
    type: 'circle',
    source: 'points',
    minzoom: minzoom + palette.zoomShift,
    filter: ['all', ['in', ['get', 'icon'], ['literal', ['well', 'well-sensor']]], filter],
    paint: {
      'circle-radius': byZoom(2.4, palette),
      'circle-color': palette.ground,
      'circle-stroke-width': byZoom(1.1, palette),
      'circle-stroke-color': ['case', faulty, palette.text1, palette.normal],
      'circle-stroke-opacity': ['case', silent, 0, 1],
      'circle-opacity': ['case', silent, 0, 1],
    },
  }
}

function pointLayers(palette: Palette): LayerSpecification[] {
  const icons = (
    id: string,
    names: readonly string[],
    size: number,
    more: object = {},
  ): LayerSpecification => ({
    id,
    type: 'symbol',
    source: 'points',
    filter: ['in', ['get', 'icon'], ['literal', [...names]]],
    layout: {
      'icon-image': ['get', 'icon'],
      'icon-size': byZoom(size / 24, palette),
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
      'icon-rotation-alignment': 'map',
      ...more,
    },
    paint: { 'icon-opacity': ['case', silent, 0, 1] },
  })
  return [
    wells('secondary-wells', palette, 14.5, ['==', ['get', 'network'], 'secondary']),
    wells('plain-wells', palette, 13.8, [
      'all',
      ['==', ['get', 'network'], 'primary'],
      ['==', ['get', 'icon'], 'well'],
    ]),
    wells('wells', palette, palette.distant ? 13.2 : 11, [
      'all',
      ['==', ['get', 'network'], 'primary'],
      ['==', ['get', 'icon'], 'well-sensor'],
    ]),
    {
      id: 'sensors',
      type: 'circle',
      source: 'points',
      minzoom: 13.8 + palette.zoomShift,
      filter: ['==', ['get', 'icon'], 'well-sensor'],
      paint: {
        'circle-radius': byZoom(1.3, palette),
        'circle-color': ['case', faulty, palette.text1, palette.normal],
        'circle-opacity': ['case', silent, 0, 1],
      },
    },
    icons('valves', ['valve-open', 'valve-closed'], 13, { 'icon-rotate': ['get', 'turn'] }),
    icons('stations', ['station'], 15, { 'icon-rotation-alignment': 'viewport' }),
    icons('sources', ['source'], 26, { 'icon-rotation-alignment': 'viewport' }),
    {
      id: 'silent',
      type: 'symbol',
      source: 'points',
      layout: {
        'icon-image': 'well-stale',
        'icon-size': byZoom(15 / 24, palette),
        'icon-allow-overlap': true,
        'icon-ignore-placement': true,
      },
      paint: { 'icon-opacity': ['case', silent, 1, 0] },
    },
  ]
}

/**
 * What a tile draws beyond its edge, px: half of the widest pair of pipes, the largest circle. MapLibre's own
 * measure is 128: more would be drawn beyond the edges than within.
 */
const EDGE = 32

/** The whole drawing from our own data: no tiles, no glyph server, no request. */
export function mapStyle(
  drawing: NetworkDrawing,
  graticule: FeatureCollection,
  palette: Palette,
): StyleSpecification {
  const empty: FeatureCollection = { type: 'FeatureCollection', features: [] }
  return {
    version: 8,
    sources: {
      graticule: { type: 'geojson', data: graticule, buffer: EDGE },
      areas: { type: 'geojson', data: drawing.areas, buffer: EDGE },
      areaNames: { type: 'geojson', data: drawing.areaNames, buffer: EDGE },
      pipes: { type: 'geojson', data: drawing.pipes, promoteId: 'id', tolerance: 0.2, buffer: 2 * EDGE },
      points: { type: 'geojson', data: drawing.points, promoteId: 'id', buffer: EDGE },
      zone: { type: 'geojson', data: empty },
      blindPipes: { type: 'geojson', data: empty },
      silent: { type: 'geojson', data: empty },
      cutZones: { type: 'geojson', data: empty },
      cutPipes: { type: 'geojson', data: empty },
      cutStations: { type: 'geojson', data: empty },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': palette.ground } },
      {
        id: 'graticule',
        type: 'line',
        source: 'graticule',
        paint: { 'line-color': palette.hair, 'line-width': 1, 'line-opacity': 0.65 },
      },
      {
        id: 'areas',
        type: 'line',
        source: 'areas',
        paint: { 'line-color': palette.line, 'line-width': palette.scale, 'line-dasharray': [2, 6] },
      },
      {
        id: 'zone',
        type: 'fill',
        source: 'zone',
        paint: { 'fill-color': ['get', 'color'], 'fill-opacity': 0.16 },
      },
      {
        id: 'zone-edge',
        type: 'line',
        source: 'zone',
        paint: { 'line-color': ['get', 'edge'], 'line-width': 1.25 * palette.scale, 'line-opacity': 0.6 },
      },
      cutZones,
      blindPipes(palette),
      ...pipes('secondary', palette),
      ...pipes('primary', palette),
      ...cutPipes(palette),
      ...pointLayers(palette),
      cutStations(palette),
      silentNames(palette),
      label(palette, 'area-names', {
        source: 'areaNames',
        layout: {
          'text-field': ['get', 'name'],
          'text-size': 16 * palette.scale,
          'text-letter-spacing': 0.3,
          'text-anchor': palette.rimmed ? ['get', 'anchor'] : 'center',
          'text-offset': palette.rimmed ? OVER_THE_RIM : [0, 0],
          'text-allow-overlap': true,
        },
      }),
      label(palette, 'diameters', {
        source: 'pipes',
        minzoom: 12.5 + palette.zoomShift,
        filter: ['!=', ['get', 'diameter'], ''],
        layout: {
          'text-field': ['get', 'diameter'],
          'symbol-placement': 'line',
          'symbol-spacing': 520,
          'text-anchor': 'bottom',
          'text-offset': [0, -0.7],
        },
      }),
      label(palette, 'well-names', {
        minzoom: 15 + palette.zoomShift,
        filter: ['in', ['get', 'icon'], ['literal', ['well', 'well-sensor']]],
        layout: { 'text-field': ['get', 'name'] },
      }),
      label(palette, 'valve-names', {
        minzoom: 15.5 + palette.zoomShift,
        filter: ['in', ['get', 'icon'], ['literal', ['valve-open', 'valve-closed']]],
        layout: { 'text-field': ['get', 'name'] },
      }),
      label(palette, 'station-names', {
        filter: ['==', ['get', 'icon'], 'station'],
        minzoom: 11.5 + palette.zoomShift,
        layout: {
          'text-field': ['step', ['zoom'], ['get', 'short'], 14.2 + palette.zoomShift, ['get', 'name']],
        },
      }),
      label(palette, 'source-names', {
        filter: ['==', ['get', 'icon'], 'source'],
        layout: { 'text-field': ['get', 'name'], 'text-offset': [1.1, 0.3], 'text-anchor': 'left' },
        paint: { 'text-color': palette.text2 },
      }),
    ],
  }
}
