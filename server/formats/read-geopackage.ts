import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import wkx from 'wkx'
import type { Geometry } from 'geojson'
import type { SourceLayer, SourceRow } from '../domain/network/delivery/source-layer.ts'
import { BadFile } from './bad-file.ts'
import { plainGeometry } from './plain-geometry.ts'

const MAX_ROWS = 500_000

/** The layers and tables of a GeoPackage (OGC 12-128): read only, from a copy that is removed again. */
export function readGeoPackage(file: string, bytes: Uint8Array): readonly SourceLayer[] {
  const dir = mkdtempSync(join(tmpdir(), 'geopackage-'))
  try {
    const path = join(dir, 'file.gpkg')
    writeFileSync(path, bytes)
    const db = new DatabaseSync(path, { readOnly: true, allowExtension: false })
    try {
      return layersOf(file, db)
    } finally {
      db.close()
    }
  } catch (error) {
    if (error instanceof BadFile) throw error
    throw new BadFile('GeoPackage 已损坏', 'the GeoPackage is damaged')
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const LAYERS = `
  SELECT c.table_name AS name, g.column_name AS geometry, s.organization AS authority,
    s.organization_coordsys_id AS code, s.definition AS wkt
  FROM gpkg_contents c
    JOIN sqlite_schema t ON t.name = c.table_name AND t.type = 'table'
    LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
    LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
  WHERE c.data_type IN ('features', 'attributes')`

function layersOf(file: string, db: DatabaseSync): readonly SourceLayer[] {
  // A file from somebody else: its views and triggers are not to run.
  db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA mmap_size = 0')
  const isGeoPackage = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'gpkg_contents'").get()
  if (isGeoPackage === undefined) {
    throw new BadFile('是别的 SQLite 文件,不是 GeoPackage', 'this is another SQLite file, not a GeoPackage')
  }
  return db
    .prepare(LAYERS)
    .all()
    .map((found) => layerOf(file, db, found))
}

function layerOf(file: string, db: DatabaseSync, found: Record<string, unknown>): SourceLayer {
  const name = String(found.name)
  const geometryColumn = typeof found.geometry === 'string' ? found.geometry : undefined
  const table = name.replaceAll('"', '""')
  const select = db.prepare(`SELECT * FROM "${table}" LIMIT ${MAX_ROWS + 1}`)
  const columns = select.columns().map((column) => column.name)
  const rows: SourceRow[] = []
  for (const values of select.iterate()) {
    if (rows.length >= MAX_ROWS)
      throw new BadFile(
        `图层 ${name} 超过 ${MAX_ROWS} 行`,
        `the layer ${name} has more than ${MAX_ROWS} rows`,
      )
    const blob = geometryColumn === undefined ? undefined : values[geometryColumn]
    const geometry =
      blob instanceof Uint8Array ? plainGeometry(geometryIn(blob, name, rows.length + 1)) : undefined
    rows.push({
      row: rows.length + 1,
      values: plainValues(values, geometryColumn),
      ...(geometry === undefined ? {} : { geometry }),
    })
  }
  const epsg = String(found.authority).toUpperCase() === 'EPSG' ? `EPSG:${String(found.code)}` : found.wkt
  const isNamed = typeof epsg === 'string' && epsg !== '' && epsg !== 'undefined'
  return {
    file,
    layer: name,
    columns: columns.filter((column) => column !== geometryColumn),
    ...(isNamed ? { crs: epsg } : {}),
    rows,
  }
}

function plainValues(
  values: Record<string, unknown>,
  geometryColumn: string | undefined,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(values).filter(
      ([column, value]) => column !== geometryColumn && !(value instanceof Uint8Array),
    ),
  )
}

const ENVELOPE_BYTES = [0, 32, 48, 48, 64]

/** The well-known binary behind a GeoPackage's own header. */
function geometryIn(blob: Uint8Array, layer: string, row: number): Geometry | undefined {
  const flags = blob[3] ?? 0
  const envelope = ENVELOPE_BYTES[(flags >> 1) & 7]
  const isEmpty = ((flags >> 4) & 1) === 1
  if (isEmpty) return undefined
  try {
    if (blob[0] !== 0x47 || blob[1] !== 0x50 || envelope === undefined)
      throw new Error('no GeoPackage header')
    return wkx.Geometry.parse(Buffer.from(blob.subarray(8 + envelope))).toGeoJSON() as Geometry
  } catch {
    throw new BadFile(
      `图层 ${layer} 第 ${row} 行的几何已损坏`,
      `the geometry of row ${row} in layer ${layer} is damaged`,
      row,
    )
  }
}
