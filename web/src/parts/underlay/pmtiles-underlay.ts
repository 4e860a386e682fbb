import { layers, namedFlavor } from '@protomaps/basemaps'
import { addProtocol, type LayerSpecification } from 'maplibre-gl'
import { PMTiles, Protocol, TileType } from 'pmtiles'
import type { BasemapView } from '#contract/basemap.ts'
import type { Theme } from '../../model/preferences.svelte.ts'
import { rasterLayer, SOURCE, type Underlay } from './underlay.ts'

const protocol = new Protocol()
let registered = false

/** A file of tiles that the server hands out piece by piece: pictures, or streets in the Protomaps schema. */
export async function pmtilesUnderlay(
  view: Extract<BasemapView, { kind: 'pmtiles' }>,
  theme: Theme,
): Promise<Underlay> {
  if (!registered) addProtocol('pmtiles', protocol.tile)
  registered = true
  const address = new URL(view.url, location.href).href
  const file = new PMTiles(address)
  protocol.add(file)
  const { tileType, maxZoom: maxzoom } = await file.getHeader()
  const { attribution } = view
  const url = `pmtiles://${address}`
  if (tileType !== TileType.Mvt) {
    return {
      sources: { [SOURCE]: { type: 'raster', url, tileSize: 256, maxzoom, attribution } },
      layers: [rasterLayer(theme)],
      attribution,
    }
  }
  return { sources: { [SOURCE]: { type: 'vector', url, attribution } }, layers: streets(theme), attribution }
}

/** The quiet looks of the schema, without its icons: their pictures would come from elsewhere. */
function streets(theme: Theme): readonly LayerSpecification[] {
  const all = layers(SOURCE, namedFlavor(theme === 'dark' ? 'black' : 'white'), { lang: 'zh' })
  return all
    .filter((layer) => layer.type !== 'background')
    .filter((layer) => !(layer.type === 'symbol' && layer.layout?.['icon-image'] !== undefined))
    .map((layer) => ({ ...layer, id: `${SOURCE}:${layer.id}` })) as readonly LayerSpecification[]
}
