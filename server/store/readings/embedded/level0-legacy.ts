import type { DatabaseSync } from 'node:sqlite'
import { Rows } from '../../../domain/telemetry/rows.ts'
import { ByteReader } from './bytes.ts'
import { addLevel0Table } from './level0-tables.ts'
import { LEVEL0_SCHEMA } from './layout.ts'
import { decodeWhole, ChunkDamaged, readChunk } from './chunk-format.ts'
import { SERIES_LIMIT, type SeriesChunk } from './sstables.ts'
import { inTransaction } from './sqlite.ts'

/**
 * Earlier forms of `fresh.db`: at first a row of `pieces` for each series of a table, then a row of
 * `bundles` for each 64 neighbouring series.
 */
const SERIES_PER_BUNDLE = 64

/** A file that its writer has not brought into the form of today yet. */
export function isLegacy(db: DatabaseSync): boolean {
  return !hasTable(db, 'chunks')
}

/** `damaged` is told of each chunk that is left out. */
export function migrateLevel0(db: DatabaseSync, damaged: (error: unknown) => void): void {
  if (!isLegacy(db)) return
  inTransaction(db, () => {
    const table = hasTable(db, 'bundles') ? 'bundles' : 'pieces'
    const ofRun = db.prepare(`select key, body from ${table} where key >= ? and key < ? order by key`)
    const old = db
      .prepare('select id, age from runs order by age, id')
      .all()
      .map(({ id, age }) => {
        const rows = new Rows()
        for (const { key, body } of ofRun.all(Number(id) * SERIES_LIMIT, (Number(id) + 1) * SERIES_LIMIT)) {
          const place = Number(key) % SERIES_LIMIT
          const bytes = body as Uint8Array
          const chunks =
            table === 'bundles'
              ? chunksIn(bytes, place, damaged)
              : decodeWhole(bytes, damaged).map((chunk): SeriesChunk => [place, chunk])
          for (const one of chunks) addChunk(rows, one)
        }
        return { age: Number(age), rows }
      })
    db.exec(`drop table ${table}; drop table runs; ${LEVEL0_SCHEMA}`)
    for (const { age, rows } of old) addLevel0Table(db, age, rows, 0)
  })
}

function hasTable(db: DatabaseSync, name: string): boolean {
  return db.prepare('select 1 from sqlite_schema where name = ?').get(name) !== undefined
}

function addChunk(rows: Rows, [series, { at, signals }]: SeriesChunk): void {
  at.forEach((instant, row) => {
    const there = [...signals].flatMap(([signal, values]) => {
      const value = values[row] ?? null
      return value === null ? [] : [[signal, value] as const]
    })
    if (there.length > 0) rows.addFields(series, instant, Object.fromEntries(there))
  })
}

/** In a bundle: which of its series u8, how many bytes u32, and the chunk. */
function chunksIn(body: Uint8Array, bundle: number, damaged: (error: unknown) => void): SeriesChunk[] {
  const from = new ByteReader(body)
  const chunks: SeriesChunk[] = []
  while (from.at < from.end) {
    let next = from.end
    try {
      const place = from.byte()
      const length = from.length()
      if (place >= SERIES_PER_BUNDLE || length > from.end - from.at)
        throw new ChunkDamaged('its bundle is cut off')
      next = from.at + length
      const series = bundle * SERIES_PER_BUNDLE + place
      chunks.push([series, readChunk(from, next)])
    } catch (error) {
      damaged(error)
    }
    from.at = next
  }
  return chunks
}
