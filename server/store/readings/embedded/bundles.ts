import type { DatabaseSync } from 'node:sqlite'
import { ByteReader, ByteWriter } from './bytes.ts'
import { FRESH_RUN_TABLES } from './layout.ts'
import type { Piece } from './piece.ts'
import { decodeWhole, PieceDamaged, readPiece, writePiece } from './piece-code.ts'
import { SERIES_LIMIT, type SeriesPiece } from './runs.ts'
import { inTransaction, sql } from './sqlite.ts'

/**
 * How `fresh.db` holds its runs: in bundles of neighbouring series, so that a write from ten thousand
 * devices is not ten thousand rows.
 */
const SERIES_A_BUNDLE = 64

/** Pieces of these series that are not folded yet, oldest first, as one moment shows them. */
export function freshPiecesOf(
  db: DatabaseSync,
  series: readonly number[],
  damaged: (error: unknown) => void,
): Piece[] {
  return inTransaction(
    db,
    () => {
      const get = sql(db, 'select body from bundles where key = ?')
      return runIds(db).flatMap((run) =>
        series.flatMap((one) => {
          const row = get.get(run * SERIES_LIMIT + bundleOf(one))
          return row === undefined ? [] : piecesIn(row['body'] as Uint8Array, bundleOf(one), damaged, one)
        }),
      )
    },
    'deferred',
  ).map(([, piece]) => piece)
}

function runIds(db: DatabaseSync): number[] {
  return sql(db, 'select id from runs order by age, id')
    .all()
    .map(({ id }) => Number(id))
}

/** One write. */
export interface FreshRun {
  readonly id: number
  readonly age: number
  readonly rows: number
  readonly pieces: readonly SeriesPiece[]
}

/** Oldest first; each is read when it is asked for. */
export function* runsIn(db: DatabaseSync, damaged: (error: unknown) => void): Generator<FreshRun> {
  const ofRun = sql(db, 'select key, body from bundles where key >= ? and key < ? order by key')
  for (const { id, age } of sql(db, 'select id, age from runs order by age, id').all()) {
    const run = Number(id)
    const pieces = ofRun
      .all(run * SERIES_LIMIT, (run + 1) * SERIES_LIMIT)
      .flatMap(({ key, body }) => piecesIn(body as Uint8Array, Number(key) % SERIES_LIMIT, damaged))
    yield { id: run, age: Number(age), rows: rowsOf(pieces), pieces }
  }
}

export function rowsOf(pieces: readonly SeriesPiece[]): number {
  return pieces.reduce((rows, [, piece]) => rows + piece.at.length, 0)
}

/** To be called within a transaction. */
export function dropRun(db: DatabaseSync, run: number): void {
  sql(db, 'delete from bundles where key >= ? and key < ?').run(run * SERIES_LIMIT, (run + 1) * SERIES_LIMIT)
  sql(db, 'delete from runs where id = ?').run(run)
}

function bundleOf(series: number): number {
  return Math.floor(series / SERIES_A_BUNDLE)
}

/** Appends a run of pieces that ascend by series; to be called within a transaction. */
export function addFreshRun(
  db: DatabaseSync,
  out: ByteWriter,
  age: number,
  pieces: readonly SeriesPiece[],
): FreshRun {
  const run = Number(sql(db, 'insert into runs (age) values (?)').run(age).lastInsertRowid)
  const insert = sql(db, 'insert into bundles (key, body) values (?, ?)')
  for (let from = 0; from < pieces.length;) {
    const bundle = bundleOf(pieces[from]?.[0] ?? 0)
    out.clear()
    let to = from
    for (; to < pieces.length && bundleOf(pieces[to]?.[0] ?? 0) === bundle; to += 1) bundleIn(out, pieces[to])
    insert.run(run * SERIES_LIMIT + bundle, out.taken())
    from = to
  }
  return { id: run, age, rows: rowsOf(pieces), pieces }
}

const LENGTH_BYTES = 4

/** In a bundle: which of its series, how many bytes, and the piece. */
function bundleIn(out: ByteWriter, one: SeriesPiece | undefined): void {
  if (one === undefined) return
  const [series, piece] = one
  out.reserve(1 + LENGTH_BYTES)
  out.byte(series % SERIES_A_BUNDLE)
  const length = out.at
  out.at += LENGTH_BYTES
  writePiece(out, piece)
  out.length(out.at - length - LENGTH_BYTES, length)
}

/** Those of a bundle, or only the one of `wanted`; `damaged` is told of each that is left out. */
function piecesIn(
  body: Uint8Array,
  bundle: number,
  damaged: (error: unknown) => void,
  wanted?: number,
): SeriesPiece[] {
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
      if (wanted === undefined || wanted === series) pieces.push([series, readPiece(from, next)])
    } catch (error) {
      damaged(error)
    }
    from.at = next
  }
  return pieces
}

/** A file of an earlier form has a row for each piece of a run. */
export function isOldForm(db: DatabaseSync): boolean {
  return sql(db, "select 1 from sqlite_schema where name = 'pieces'").get() !== undefined
}

export function bundleOldPieces(db: DatabaseSync, damaged: (error: unknown) => void): void {
  if (!isOldForm(db)) return
  inTransaction(db, () => {
    const ofRun = db.prepare('select key, body from pieces where key >= ? and key < ? order by key')
    const runs = db.prepare('select id, age from runs order by age, id').all()
    const old = runs.map(({ id, age }) => ({
      age: Number(age),
      pieces: ofRun
        .all(Number(id) * SERIES_LIMIT, (Number(id) + 1) * SERIES_LIMIT)
        .flatMap(({ key, body }) =>
          decodeWhole(body as Uint8Array, damaged).map((piece): SeriesPiece => [
            Number(key) % SERIES_LIMIT,
            piece,
          ]),
        ),
    }))
    db.exec(`drop table pieces; drop table runs; ${FRESH_RUN_TABLES}`)
    for (const { age, pieces } of old) addFreshRun(db, new ByteWriter(), age, pieces)
  })
}
