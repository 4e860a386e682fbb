import type { Readable } from 'node:stream'
import type { BasemapView } from '#contract/basemap.ts'
import type { Refusal } from '#contract/problem.ts'

export interface Tile {
  readonly type: string
  readonly bytes: Uint8Array
}

/** A file that is read piece by piece. */
export interface TileFile {
  readonly bytes: number
  /** Changes with the file: pieces of two versions are never put together. */
  readonly tag: string
  /** Bytes from `first` to `last`, both included. */
  read(first: number, last: number): Readable
}

/** What lies under the network on the map; nothing by default. */
export interface Basemap {
  readonly view: BasemapView
  /** A tile of a raster map elsewhere, its key added here; undefined where that map has none. */
  tile?(z: number, x: number, y: number): Promise<Tile | undefined | Refusal>
  file?(): Promise<TileFile | Refusal>
}

export const NO_BASEMAP: Basemap = { view: { kind: 'none' } }
