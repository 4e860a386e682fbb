import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'
import type { Theme } from '../../model/preferences.svelte.ts'

/** What is drawn under the network. */
export interface Underlay {
  readonly sources: Readonly<Record<string, SourceSpecification>>
  readonly layers: readonly LayerSpecification[]
  readonly sprite?: StyleSpecification['sprite']
  /** How much of the ground lies over it, 0 … 1, so that it recedes. */
  readonly veil?: number
  /** Whose map it is; shown on it. */
  readonly attribution: string
}

export const SOURCE = 'basemap'

/** Streets recede: the network and what happens on it are what is looked at. */
function muted(theme: Theme): Extract<LayerSpecification, { type: 'raster' }>['paint'] {
  return theme === 'dark'
    ? { 'raster-saturation': -0.75, 'raster-brightness-max': 0.3, 'raster-opacity': 0.7 }
    : { 'raster-saturation': -0.7, 'raster-brightness-min': 0.25, 'raster-opacity': 0.6 }
}

export function rasterLayer(theme: Theme): LayerSpecification {
  return { id: 'basemap', type: 'raster', source: SOURCE, paint: muted(theme) ?? {} }
}
