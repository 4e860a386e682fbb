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
  const entries = new Map<string, Entry>()
  let bytes = 0
  const sizeOf = ({ tile }: Entry): number => (tile?.bytes.length ?? 0) + 200

  function drop(key: string): void {
    const entry = entries.get(key)
    if (entry === undefined) return
    entries.delete(key)
    bytes -= sizeOf(entry)
  }

  return {
    get(key, now) {
      const entry = entries.get(key)
      if (entry === undefined) return undefined
      drop(key)
      if (entry.until <= now) return undefined
      // Put back at the end: what is used stays longest.
      entries.set(key, entry)
      bytes += sizeOf(entry)
      return { tile: entry.tile }
    },
    put(key, tile, until) {
      drop(key)
      const entry = { tile, until }
      entries.set(key, entry)
      bytes += sizeOf(entry)
      for (const oldest of entries.keys()) {
        if (bytes <= mostBytes) break
        drop(oldest)
      }
    },
  }
}
