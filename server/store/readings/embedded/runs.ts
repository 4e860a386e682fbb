import type { DatabaseSync } from 'node:sqlite'
import { joinEncoded } from './join-pieces.ts'
import { mergePieces, type Piece } from './piece.ts'
import { decodeWhole, encodePiece } from './piece-code.ts'
import { inTransaction, sql } from './sqlite.ts'

/**
 * Sorted runs, as of a log-structured merge: every write appends a run with one piece for each series,
 * and sixteen runs of a level become one of the next, so that a device's day ends up in one place
 * without its page being rewritten at every sample (measured: a page a device and commit otherwise).
 */
export const RUN_TABLES = `
  create table runs (id integer primary key, age integer not null, level integer not null, target integer);
  create table pieces (key integer primary key, body blob not null);`

/** `key` of a piece is run × SERIES_LIMIT + series: pieces of a run lie together, by series. */
export const SERIES_LIMIT = 2 ** 24
const FAN_IN = 16
/** The level of the one run that a finished day ends in. */
const CLOSED = 99

interface Run {
  readonly id: number
  readonly age: number
  readonly level: number
}
export type SeriesPiece = readonly [series: number, piece: Piece]
export type EncodedPiece = readonly [series: number, body: Uint8Array]

export interface StoredPiece {
  readonly series: number
  readonly body: Uint8Array
  /** Of the run that the day was closed into; its roll-ups are there. */
  readonly closed: boolean
}

/** Pieces of these series, oldest first, as one moment shows them. */
export function piecesOf(db: DatabaseSync, series: readonly number[]): StoredPiece[] {
  return inTransaction(
    db,
    () => {
      const get = sql(db, 'select body from pieces where key = ?')
      return runsWhere(db, 'true').flatMap((run) =>
        series.flatMap((one) => {
          const row = get.get(keyOf(run.id, one))
          return row === undefined
            ? []
            : [{ series: one, body: row['body'] as Uint8Array, closed: run.level === CLOSED }]
        }),
      )
    },
    'deferred',
  )
}

/** Appends a run; to be called within a transaction. */
export function addRun(db: DatabaseSync, age: number, level: number, pieces: Iterable<EncodedPiece>): void {
  const id = newRun(db, age, level)
  const insert = sql(db, 'insert into pieces (key, body) values (?, ?)')
  for (const [series, body] of pieces) insert.run(keyOf(id, series), body)
}

/** Marks sixteen runs of one level for merging, if there are. */
export function planMerge(db: DatabaseSync): boolean {
  if (runsWhere(db, 'target is not null').length > 0) return true
  for (const level of new Set(runsWhere(db, `level < ${String(CLOSED)}`).map((run) => run.level))) {
    const ready = runsWhere(db, `level = ${String(level)}`).slice(0, FAN_IN)
    if (ready.length < FAN_IN) continue
    inTransaction(db, () => {
      merge(db, ready, newRun(db, ready.at(-1)?.age ?? 0, level + 1))
    })
    return true
  }
  return false
}

/** Marks everything that came since the day was last closed for merging into its one run. */
export function planClosing(db: DatabaseSync): boolean {
  const open = runsWhere(db, `level < ${String(CLOSED)}`)
  if (open.length === 0) return false
  inTransaction(db, () => {
    const [closed] = runsWhere(db, `level = ${String(CLOSED)}`)
    merge(db, open, closed?.id ?? newRun(db, 0, CLOSED))
  })
  return true
}

/**
 * Moves series after series into the target for about `budgetMs`; true while some remain. A piece is
 * in exactly one place at any moment, so a crash or a reader in between does no harm. `closed` is
 * called with each series' whole day before that is committed, `damaged` for each piece that cannot be read
 * and goes.
 */
export function mergeSlice(
  db: DatabaseSync,
  budgetMs: number,
  closed: (moved: SeriesPiece[]) => void,
  damaged: (error: unknown) => void,
): boolean {
  const sources = runsWhere(db, 'target is not null')
  const target = runsWhere(db, 'id = (select min(target) from runs)')[0]
  if (target === undefined) return false
  const until = performance.now() + budgetMs
  return inTransaction(db, () => {
    const moved: SeriesPiece[] = []
    let more = true
    do {
      const series = nextSeries(db, sources)
      if (series === undefined) {
        sql(db, 'delete from runs where target is not null').run()
        more = false
      } else moved.push(...moveSeries(db, series, [target, ...sources], damaged))
    } while (more && performance.now() < until)
    if (moved.length > 0) closed(moved)
    return more
  })
}

function moveSeries(
  db: DatabaseSync,
  series: number,
  [target, ...sources]: readonly [Run, ...Run[]],
  damaged: (error: unknown) => void,
): SeriesPiece[] {
  const get = sql(db, 'select body from pieces where key = ?')
  const bodies = [target, ...sources].flatMap(({ id }) => {
    const row = get.get(keyOf(id, series))
    return row === undefined ? [] : [row['body'] as Uint8Array]
  })
  const closing = target.level === CLOSED
  const [only] = bodies
  const drop = sql(db, 'delete from pieces where key = ?')
  for (const { id } of sources) drop.run(keyOf(id, series))
  const put = sql(db, 'insert or replace into pieces (key, body) values (?, ?)')
  if (only === undefined) return []
  const joined = closing ? undefined : bodies.length === 1 ? only : joinEncoded(bodies)
  if (joined !== undefined) {
    put.run(keyOf(target.id, series), joined)
    return []
  }
  const whole = bodies.flatMap((body) => decodeWhole(body, damaged))
  if (whole.length === 0) {
    drop.run(keyOf(target.id, series))
    return []
  }
  const piece = mergePieces(whole)
  put.run(keyOf(target.id, series), bodies.length === 1 ? only : encodePiece(piece))
  return closing ? [[series, piece]] : []
}

function nextSeries(db: DatabaseSync, sources: readonly Run[]): number | undefined {
  const first = sql(db, 'select min(key) as key from pieces where key >= ? and key < ?')
  const found = sources.flatMap(({ id }) => {
    const key = first.get(keyOf(id, 0), keyOf(id + 1, 0))?.['key']
    return typeof key === 'number' ? [key % SERIES_LIMIT] : []
  })
  return found.length === 0 ? undefined : Math.min(...found)
}

/** Whether runs have come that the day is not closed into yet. */
export function hasOpenRuns(db: DatabaseSync): boolean {
  return runsWhere(db, `level < ${String(CLOSED)}`).length > 0
}

export function newestAge(db: DatabaseSync): number {
  return runsWhere(db, 'true').at(-1)?.age ?? 0
}

function newRun(db: DatabaseSync, age: number, level: number): number {
  return Number(sql(db, 'insert into runs (age, level) values (?, ?)').run(age, level).lastInsertRowid)
}

function merge(db: DatabaseSync, sources: readonly Run[], target: number): void {
  const mark = sql(db, 'update runs set target = ? where id = ?')
  for (const { id } of sources) mark.run(target, id)
}

function runsWhere(db: DatabaseSync, condition: string): Run[] {
  return sql(
    db,
    `select id, age, level from runs where ${condition} order by age, id`,
  ).all() as unknown as Run[]
}

function keyOf(run: number, series: number): number {
  return run * SERIES_LIMIT + series
}
