declare module 'shpjs' {
  import type { Geometry } from 'geojson'
  /** Geometries in the order of the file, null for an empty shape; untouched coordinates without a projection. */
  export function parseShp(shp: Uint8Array | DataView): (Geometry | null)[]
}
