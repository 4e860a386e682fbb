import type { LayerSpecification } from 'maplibre-gl'
import { byZoom } from './by-zoom.ts'
import type { Palette } from '../../parts/underlay/palette.ts'

/** Blocks that lose their heat, hatched beneath the pipes. */
export const cutZones: LayerSpecification = {
  id: 'cut-zones',
  type: 'fill',
  source: 'cutZones',
  paint: { 'fill-pattern': 'hatch', 'fill-opacity': 0.5 },
}

/** Pipes that lose their supply: dashed, since heat is missing there. */
export function cutPipes(palette: Palette): LayerSpecification[] {
  const pipe = (id: string, color: string, factor: number): LayerSpecification => ({
    id,
    type: 'line',
    source: 'cutPipes',
    layout: { 'line-join': 'round' },
    paint: {
      'line-color': color,
      'line-width': byZoom(['+', ['*', 2, ['get', 'width']], ['get', 'offset']], palette, factor),
    },
  })
  const dashed = pipe('cut-pipes', palette.cold, 0.55)
  return [
    pipe('cut-casing', palette.ground, 1.15),
    { ...dashed, paint: { ...dashed.paint, 'line-dasharray': [2.4, 1.6] } } as LayerSpecification,
  ]
}

export function cutStations(palette: Palette): LayerSpecification {
  return {
    id: 'cut-stations',
    type: 'symbol',
    source: 'cutStations',
    layout: {
      'icon-image': 'station-cold',
      'icon-size': byZoom(19 / 24, palette),
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
    },
  }
}
