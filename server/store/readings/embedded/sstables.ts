import type { DatabaseSync } from 'node:sqlite'
import { joinEncoded } from './join-chunks.ts'
import { mergeChunks, type Chunk } from './chunk.ts'
import { decodeWhole, encodeChunk } from './chunk-format.ts'
import { inTransaction, sql } from './sqlite.ts'

/**
 * The SSTables of a day in an LSM tree: every flush appends one with a chunk for each series, and sixteen
 * of a level are compacted into one of the next, so that a device's day ends up in one place
 * without its page being rewritten at every sample (measured: a page a device and commit otherwise).
 */
export const SSTABLE_SCHEMA = `
  create table runs (id integer primary key, age integer not null, level integer not null, target integer);
  create table pieces (key integer primary key, body blob not null);`

/** `key` of a chunk is table × SERIES_LIMIT + series: chunks of a table lie together, by series. */
export const SERIES_LIMIT = 2 ** 24
const FAN_IN = 16
/** The level of the one table that a finished day ends in. */
const CLOSED = 99

interface SSTable {
  readonly id: number
  readonly age: number
  readonly level: number
}
export type SeriesChunk = readonly [series: number, chunk: Chunk]
export type EncodedChunk = readonly [series: number, body: Uint8Array]

export interface StoredChunk {
  readonly series: number
  readonly body: Uint8Array
  /** Of the table that the day was closed into; its roll-ups are there. */
  readonly closed: boolean
}

/** Chunks of these series, oldest first, as one moment shows them. */
export function chunksOf(db: DatabaseSync, series: readonly number[]): StoredChunk[] {
  return inTransaction(
    db,
    () => {
      const get = sql(db, 'select body from pieces where key = ?')
      return sstablesWhere(db, 'true').flatMap((table) =>
        series.flatMap((one) => {
          const row = get.get(keyOf(table.id, one))
          return row === undefined
            ? []
            : [{ series: one, body: row['body'] as Uint8Array, closed: table.level === CLOSED }]
        }),
      )
    },
    'deferred',
  )
}

/** Appends a table; to be called within a transaction. */
export function addSSTable(
  db: DatabaseSync,
  age: number,
  level: number,
  chunks: Iterable<EncodedChunk>,
): void {
  const id = newSSTable(db, age, level)
  const insert = sql(db, 'insert into pieces (key, body) values (?, ?)')
  for (const [series, body] of chunks) insert.run(keyOf(id, series), body)
}

/** Marks sixteen tables of one level for merging, if there are. */
export function planCompaction(db: DatabaseSync): boolean {
  if (sstablesWhere(db, 'target is not null').length > 0) return true
  for (const level of new Set(sstablesWhere(db, `level < ${String(CLOSED)}`).map((table) => table.level))) {
    const ready = sstablesWhere(db, `level = ${String(level)}`).slice(0, FAN_IN)
    if (ready.length < FAN_IN) continue
    inTransaction(db, () => {
      merge(db, ready, newSSTable(db, ready.at(-1)?.age ?? 0, level + 1))
    })
    return true
  }
  return false
}

/** Marks everything that came since the day was last closed for merging into its one table. */
export function planClosing(db: DatabaseSync): boolean {
  const open = sstablesWhere(db, `level < ${String(CLOSED)}`)
  if (open.length === 0) return false
  inTransaction(db, () => {
    const [closed] = sstablesWhere(db, `level = ${String(CLOSED)}`)
    merge(db, open, closed?.id ?? newSSTable(db, 0, CLOSED))
  })
  return true
}

/**
 * Moves series after series into the target for about `budgetMs`; true while some remain. A chunk is
 * in exactly one place at any moment, so a crash or a reader in between does no harm. `closed` is
 * called with each series' whole day before that is committed, `damaged` for each chunk that cannot be read
 * and goes.
 */
export function compactSlice(
  db: DatabaseSync,
  budgetMs: number,
  closed: (moved: SeriesChunk[]) => void,
  damaged: (error: unknown) => void,
): boolean {
  const sources = sstablesWhere(db, 'target is not null')
  const target = sstablesWhere(db, 'id = (select min(target) from runs)')[0]
  if (target === undefined) return false
  const until = performance.now() + budgetMs
  return inTransaction(db, () => {
    const moved: SeriesChunk[] = []
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
  [target, ...sources]: readonly [SSTable, ...SSTable[]],
  damaged: (error: unknown) => void,
): SeriesChunk[] {
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
  const chunk = mergeChunks(whole)
  put.run(keyOf(target.id, series), bodies.length === 1 ? only : encodeChunk(chunk))
  return closing ? [[series, chunk]] : []
}

function nextSeries(db: DatabaseSync, sources: readonly SSTable[]): number | undefined {
  const first = sql(db, 'select min(key) as key from pieces where key >= ? and key < ?')
  const found = sources.flatMap(({ id }) => {
    const key = first.get(keyOf(id, 0), keyOf(id + 1, 0))?.['key']
    return typeof key === 'number' ? [key % SERIES_LIMIT] : []
  })
  return found.length === 0 ? undefined : Math.min(...found)
}

/** Whether tables have come that the day is not closed into yet. */
export function hasOpenSSTables(db: DatabaseSync): boolean {
  return sstablesWhere(db, `level < ${String(CLOSED)}`).length > 0
}

export function newestAge(db: DatabaseSync): number {
  return sstablesWhere(db, 'true').at(-1)?.age ?? 0
}

function newSSTable(db: DatabaseSync, age: number, level: number): number {
  return Number(sql(db, 'insert into runs (age, level) values (?, ?)').run(age, level).lastInsertRowid)
}

function merge(db: DatabaseSync, sources: readonly SSTable[], target: number): void {
  const mark = sql(db, 'update runs set target = ? where id = ?')
  for (const { id } of sources) mark.run(target, id)
}

function sstablesWhere(db: DatabaseSync, condition: string): SSTable[] {
  return sql(
    db,
    `select id, age, level from runs where ${condition} order by age, id`,
  ).all() as unknown as SSTable[]
}

function keyOf(table: number, series: number): number {
  return table * SERIES_LIMIT + series
}
