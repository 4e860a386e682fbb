import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'
import type { BasemapView } from '#contract/basemap.ts'
import { ROUTES } from '#contract/routes.ts'
import { request } from '../../base/api/request.ts'
import type { Theme } from '../../model/preferences.svelte.ts'
import { askedOnce } from './memo-last.ts'
import { rasterLayer, SOURCE, type Underlay } from './underlay.ts'

const NONE: Underlay = { sources: {}, layers: [], attribution: '' }

const asked = askedOnce(loadUnderlay)

/** The configured basemap; none where it does not answer: the network is drawn all the same. */
export async function underlayFor(theme: Theme): Promise<Underlay> {
  return (await asked(theme)) ?? NONE
}

/** Undefined where the server, a style, a file or the code that reads it does not answer. */
async function loadUnderlay(theme: Theme): Promise<Underlay | undefined> {
  const answer = await request<BasemapView>(ROUTES.basemap)
  if (!answer.ok) return undefined
  const view = answer.value
  try {
    if (view.kind === 'none') return NONE
    if (view.kind === 'raster') return rasterUnderlay(view, theme)
    if (view.kind === 'pmtiles')
      return await (await import('./pmtiles-underlay.ts')).pmtilesUnderlay(view, theme)
    return await styleUnderlay(view, theme)
  } catch {
    return undefined
  }
}

function rasterUnderlay(view: Extract<BasemapView, { kind: 'raster' }>, theme: Theme): Underlay {
  const { attribution, maxZoom: maxzoom } = view
  const tiles = [new URL(view.tiles, location.href).href.replaceAll('%7B', '{').replaceAll('%7D', '}')]
  return {
    sources: { [SOURCE]: { type: 'raster', tiles, tileSize: 256, maxzoom, attribution } },
    layers: [rasterLayer(theme)],
    attribution,
  }
}

/** A style of another house, under ours: its own letters are drawn by the screen's fonts. */
async function styleUnderlay(view: Extract<BasemapView, { kind: 'style' }>, theme: Theme): Promise<Underlay> {
  const response = await fetch(view.url, { credentials: 'omit', signal: AbortSignal.timeout(15_000) })
  const style = (await response.json()) as StyleSpecification
  const own = (id: string): string => `${SOURCE}:${id}`
  const sources = Object.entries(style.sources).map(([id, source]) => [own(id), source] as const)
  const layers = style.layers
    .filter((layer) => layer.type !== 'background')
    .map((layer) => ({
      ...layer,
      id: own(layer.id),
      ...('source' in layer && typeof layer.source === 'string' ? { source: own(layer.source) } : {}),
    }))
  return {
    sources: Object.fromEntries(sources),
    layers: layers as LayerSpecification[],
    ...(style.sprite === undefined ? {} : { sprite: style.sprite }),
    veil: theme === 'dark' ? 0.65 : 0.45,
    attribution: view.attribution,
  }
}
