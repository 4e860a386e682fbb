import { LRUCache } from 'lru-cache'
import type { Tile } from '../flows/network/basemap.ts'

interface Entry {
  readonly tile: Tile | undefined
  readonly until: number
}

export interface TileCache {
  /** The tile, `undefined` inside where there is none; nothing when it is not known or too old. */
  get(key: string, now: number): { readonly tile: Tile | undefined } | undefined
  put(key: string, tile: Tile | undefined, until: number): void
}

/** The tiles used last, up to so many bytes; an absent one counts as a few. */
export function createTileCache(mostBytes: number): TileCache {
  const entries = new LRUCache<string, Entry>({
    maxSize: mostBytes,
    sizeCalculation: ({ tile }) => (tile?.bytes.length ?? 0) + 200,
  })
  return {
    get(key, now) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      if (entry.until > now) return { tile: entry.tile }
      entries.delete(key)
      return undefined
    },
    put(key, tile, until) {
      entries.set(key, { tile, until })
    },
  }
}
