import type { LocalizedText } from '#contract/text.ts'
import type { Position } from '#contract/identity.ts'

/** A geometry as a file has it, in the file's own coordinates; several lines or polygons are parts of one. */
export type SourceGeometry =
  | { readonly type: 'point'; readonly at: Position }
  | { readonly type: 'line'; readonly lines: readonly (readonly Position[])[] }
  | { readonly type: 'polygon'; readonly polygons: readonly (readonly (readonly Position[])[])[] }

export interface SourceRow {
  /** As a person counts them in the file, from 1. */
  readonly row: number
  readonly values: Readonly<Record<string, unknown>>
  readonly geometry?: SourceGeometry
}

/** One table or layer of a delivered file, read and not yet understood. */
export interface SourceLayer {
  readonly file: string
  readonly layer: string
  /** Name, EPSG number or WKT of the coordinate system, where the file says one. */
  readonly crs?: string
  /** The format itself says WGS 84 where a file names nothing, and many programs do not keep to it. */
  readonly crsByFormat?: true
  readonly columns: readonly string[]
  readonly rows: readonly SourceRow[]
  /** What the reader noticed: said with the layer, and no reason to refuse it. */
  readonly notes?: readonly LocalizedText[]
}

/** What was found wrong or doubtful at one place of a delivery. */
export interface Finding {
  readonly message: LocalizedText
  readonly file?: string
  readonly layer?: string
  readonly row?: number
  readonly id?: string
  /** Longitude and latitude, where it can be shown on a map. */
  readonly at?: Position
}

export function geometryOf(layer: SourceLayer): 'point' | 'line' | 'polygon' | 'none' {
  return layer.rows.find((row) => row.geometry !== undefined)?.geometry?.type ?? 'none'
}
