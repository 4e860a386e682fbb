import type { Geometry } from 'geojson'
import type { SourceLayer, SourceRow } from '../domain/network/delivery/source-layer.ts'
import { BadFile } from './bad-file.ts'
import { plainGeometry } from './plain-geometry.ts'
import { readText } from './read-text.ts'

type Json = Readonly<Record<string, unknown>>

/** A FeatureCollection, or one layer each for points, lines and polygons where its features are not marked as ours. */
export function readGeoJson(file: string, bytes: Uint8Array): readonly SourceLayer[] {
  const raw = parsed(readText(bytes))
  if (!isObject(raw) || raw.type !== 'FeatureCollection' || !Array.isArray(raw.features)) {
    throw new BadFile('不是 GeoJSON 的 FeatureCollection', 'this is no FeatureCollection of GeoJSON')
  }
  const columns = new Set<string>()
  const rows = raw.features.map((feature: unknown, i): SourceRow => {
    const { properties, geometry, id }: Json = isObject(feature) ? feature : {}
    const values = { ...(isObject(properties) ? properties : {}) }
    if (values.id === undefined && (typeof id === 'string' || typeof id === 'number')) values.id = id
    for (const name of Object.keys(values)) columns.add(name)
    const plain = plainOrRefuse(geometry, i + 1)
    return { row: i + 1, values, ...(plain === undefined ? {} : { geometry: plain }) }
  })
  const name =
    typeof raw.name === 'string'
      ? raw.name
      : (file
          .split(/[\\/]/)
          .at(-1)
          ?.replace(/\.[^.]*$/, '') ?? file)
  const crs = crsIn(raw.crs)
  const base = {
    file,
    crsByFormat: true as const,
    ...(crs === undefined ? {} : { crs }),
    columns: [...columns],
  }
  const types = new Set(rows.flatMap(({ geometry }) => geometry?.type ?? []))
  if (types.size < 2 || columns.has('kind')) return [{ ...base, layer: name, rows }]
  return [...types].map((type) => ({
    ...base,
    layer: `${name} (${type})`,
    rows: rows.filter(({ geometry }) => geometry?.type === type),
  }))
}

function plainOrRefuse(geometry: unknown, row: number) {
  if (geometry === undefined || geometry === null) return undefined
  try {
    return plainGeometry(geometry as Geometry)
  } catch {
    throw new BadFile(`第 ${row} 个要素的几何不能读`, `the geometry of feature ${row} cannot be read`, row)
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new BadFile(`不是有效的 JSON: ${why}`, `this is no valid JSON: ${why}`)
  }
}

function crsIn(crs: unknown): string | undefined {
  const name = isObject(crs) && isObject(crs.properties) ? crs.properties.name : undefined
  return typeof name === 'string' ? name : undefined
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
