import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { refuse, type Refusal } from '#contract/problem.ts'
import { ROUTES } from '#contract/routes.ts'
import { NO_BASEMAP, type Basemap, type Tile, type TileFile } from '../flows/network/basemap.ts'
import type { Log } from '../flows/ports.ts'
import { createGuard } from '../notify/guard.ts'
import { fetchTile } from './fetch-tile.ts'
import { createTileCache } from './tile-cache.ts'

export interface BasemapSettings {
  readonly basemap: 'none' | 'pmtiles' | 'raster' | 'style'
  readonly basemapFile: string
  readonly basemapUrl: string
  readonly basemapKey: string
  readonly basemapAttribution: string
  readonly basemapMaxZoom: number
  readonly basemapAllow: string
}

const CACHE_BYTES = 64 * 1024 * 1024
const KEPT_MS = 7 * 24 * 3_600_000
/** A map that refuses is not asked again for every tile of every screen. */
const ABSENT_MS = 3_600_000
const FAILED_MS = 30_000

/** What lies under the network, as configured; files and addresses are asked when a map wants them. */
export function createBasemap(settings: BasemapSettings, on: { readonly log: Log }): Basemap {
  const { basemapAttribution: attribution, basemapMaxZoom: maxZoom } = settings
  const shared = { attribution, maxZoom }
  switch (settings.basemap) {
    case 'none':
      return NO_BASEMAP
    case 'pmtiles':
      return {
        view: { kind: 'pmtiles', url: ROUTES.basemapFile, ...shared },
        file: () => openFile(settings.basemapFile),
      }
    case 'style':
      return { view: { kind: 'style', url: keyed(settings), ...shared } }
    case 'raster':
      return {
        view: { kind: 'raster', tiles: `${ROUTES.basemap}/{z}/{x}/{y}`, ...shared },
        tile: rasterTiles(settings, on.log),
      }
  }
}

/** Origins that the page may ask besides its own: those of a style that lies elsewhere. */
export function basemapOrigins(settings: BasemapSettings): readonly string[] {
  if (settings.basemap !== 'style') return []
  const more = listOf(settings.basemapAllow).filter((entry) => /^https?:\/\//.test(entry))
  return [...new Set([settings.basemapUrl, ...more].map((url) => new URL(url).origin))]
}

function keyed({ basemapUrl, basemapKey }: BasemapSettings): string {
  return basemapUrl.replaceAll('{key}', encodeURIComponent(basemapKey))
}

function listOf(text: string): readonly string[] {
  return text.split(',').flatMap((each) => (each.trim() === '' ? [] : [each.trim()]))
}

function rasterTiles(settings: BasemapSettings, log: Log): NonNullable<Basemap['tile']> {
  const guard = createGuard(listOf(settings.basemapAllow))
  const cache = createTileCache(CACHE_BYTES)
  const asked = new Map<string, Promise<Tile | undefined | Refusal>>()
  let failedUntil = 0

  async function ask(key: string, address: string): Promise<Tile | undefined | Refusal> {
    const fetched = await fetchTile(address, guard)
    if (fetched.kind === 'failed') {
      if (failedUntil < Date.now()) log.warn({ why: fetched.why }, 'the basemap did not answer')
      failedUntil = Date.now() + FAILED_MS
      return refuse('unavailable', {
        zh: `底图暂时取不到: ${fetched.why}`,
        en: `the basemap cannot be fetched at this moment: ${fetched.why}`,
      })
    }
    const tile = fetched.kind === 'tile' ? fetched.tile : undefined
    cache.put(key, tile, Date.now() + (tile === undefined ? ABSENT_MS : KEPT_MS))
    return tile
  }

  return async (z, x, y) => {
    const most = 2 ** z
    if (z > settings.basemapMaxZoom || x >= most || y >= most) return undefined
    const key = `${String(z)}/${String(x)}/${String(y)}`
    const known = cache.get(key, Date.now())
    if (known !== undefined) return known.tile
    const address = keyed(settings)
      .replaceAll('{z}', String(z))
      .replaceAll('{x}', String(x))
      .replaceAll('{y}', String(y))
    const running = asked.get(key) ?? ask(key, address).finally(() => asked.delete(key))
    asked.set(key, running)
    return running
  }
}

async function openFile(path: string): Promise<TileFile | Refusal> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isFile() !== true)
    return refuse('unavailable', { zh: '底图文件不存在', en: 'the file of the basemap is not there' })
  return {
    bytes: found.size,
    tag: `"${found.size.toString(36)}-${Math.round(found.mtimeMs).toString(36)}"`,
    read: (first, last) => createReadStream(path, { start: first, end: last }),
  }
}
