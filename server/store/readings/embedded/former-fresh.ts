import type { DatabaseSync } from 'node:sqlite'
import { Rows } from '../../../domain/telemetry/rows.ts'
import { ByteReader } from './bytes.ts'
import { addFreshRun } from './chunks.ts'
import { FRESH_RUN_TABLES } from './layout.ts'
import { decodeWhole, PieceDamaged, readPiece } from './piece-code.ts'
import { SERIES_LIMIT, type SeriesPiece } from './runs.ts'
import { inTransaction } from './sqlite.ts'

/**
 * Earlier forms of `fresh.db`: at first a row of `pieces` for each series of a run, then a row of
 * `bundles` for each 64 neighbouring series.
 */
const SERIES_A_BUNDLE = 64

/** A file that its writer has not brought into the form of today yet. */
export function isOldForm(db: DatabaseSync): boolean {
  return !hasTable(db, 'chunks')
}

/** `damaged` is told of each piece that is left out. */
export function bringUpToDate(db: DatabaseSync, damaged: (error: unknown) => void): void {
  if (!isOldForm(db)) return
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
          const pieces =
            table === 'bundles'
              ? piecesIn(bytes, place, damaged)
              : decodeWhole(bytes, damaged).map((piece): SeriesPiece => [place, piece])
          for (const one of pieces) addPiece(rows, one)
        }
        return { age: Number(age), rows }
      })
    db.exec(`drop table ${table}; drop table runs; ${FRESH_RUN_TABLES}`)
    for (const { age, rows } of old) addFreshRun(db, age, rows, 0)
  })
}

function hasTable(db: DatabaseSync, name: string): boolean {
  return db.prepare('select 1 from sqlite_schema where name = ?').get(name) !== undefined
}

function addPiece(rows: Rows, [series, { at, signals }]: SeriesPiece): void {
  at.forEach((instant, row) => {
    const there = [...signals].flatMap(([signal, values]) => {
      const value = values[row] ?? null
      return value === null ? [] : [[signal, value] as const]
    })
    if (there.length > 0) rows.addFields(series, instant, Object.fromEntries(there))
  })
}

/** In a bundle: which of its series u8, how many bytes u32, and the piece. */
function piecesIn(body: Uint8Array, bundle: number, damaged: (error: unknown) => void): SeriesPiece[] {
  const from = new ByteReader(body)
  const pieces: SeriesPiece[] = []
  while (from.at < from.end) {
    let next = from.end
    try {
      const place = from.byte()
      const length = from.length()
      if (place >= SERIES_A_BUNDLE || length > from.end - from.at)
        throw new PieceDamaged('its bundle is cut off')
      next = from.at + length
      const series = bundle * SERIES_A_BUNDLE + place
      pieces.push([series, readPiece(from, next)])
    } catch (error) {
      damaged(error)
    }
    from.at = next
  }
  return pieces
}
