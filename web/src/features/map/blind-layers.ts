import type { LayerSpecification } from 'maplibre-gl'
import { byZoom } from './by-zoom.ts'
import type { Palette } from '../../parts/underlay/palette.ts'

/** Stretches that no sensor reaches any more: rungs across the trench, beneath the pipes. */
export function blindPipes(palette: Palette): LayerSpecification {
  return {
    id: 'blind-pipes',
    type: 'line',
    source: 'blindPipes',
    paint: {
      'line-color': palette.stale,
      'line-width': byZoom(28, palette),
      'line-opacity': 0.8,
      'line-dasharray': [0.07, 0.28],
    },
  }
}

/** The age of what is silent: never a number that looks fresh. */
export function silentNames(palette: Palette): LayerSpecification {
  return {
    id: 'silent-names',
    type: 'symbol',
    source: 'silent',
    layout: {
      'text-field': ['get', 'label'],
      'text-font': [...palette.fonts],
      'text-size': 14 * palette.scale,
      'text-anchor': 'right',
      'text-offset': [-0.8, 0],
      'text-padding': 4,
    },
    paint: {
      'text-color': palette.text2,
      'text-halo-color': palette.ground,
      'text-halo-width': 2 * palette.scale,
    },
  }
}
