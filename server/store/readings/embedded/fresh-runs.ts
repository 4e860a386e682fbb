import { closeSync, fdatasyncSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Instant } from '../../../domain/instant.ts'
import type { StoredReading } from '../../../flows/ports.ts'
import { ByteReader, ByteWriter } from './bytes.ts'
import { FRESH, FRESH_RUN_TABLES } from './layout.ts'
import { mergePieces, pieceOf, type Piece } from './piece.ts'
import { decodePiece, readPiece, writePiece } from './piece-code.ts'
import { SERIES_LIMIT, type SeriesPiece } from './runs.ts'
import { copySeries } from './series-copy.ts'
import { inTransaction, sql } from './sqlite.ts'

const SERIES_A_BUNDLE = 64
const MOST_RUNS = 16
const MOST_ROWS = 100_000

/**
 * What came last, on the writer's side: every write is a run, and after a few of them all are folded into
 * their days. A run lies in bundles of neighbouring series, so that a write from ten thousand devices is
 * not ten thousand rows. Reads nothing back as long as nothing goes wrong: it keeps what it
 * has written.
 */
export class FreshRuns {
  readonly #db: DatabaseSync
  readonly #dir: string
  readonly #sync: (path: string) => void
  /** Whether the copy may lack one; unknown at the start. */
  #hasNewNames = true
  /** Of each device where it stands now. */
  readonly #lastSeries = new Map<
    string,
    { id: number } & Pick<StoredReading, 'assetId' | 'network' | 'zone'>
  >()
  readonly #out = new ByteWriter()
  /** What the runs hold, oldest first; undefined when the file must be asked. */
  #pieces: Map<number, Piece[]> | undefined
  #runs = 0
  #rows = 0
  #age: number
  /** The write up to which all is past a power cut; what was written before the start may not be. */
  #secured = -1
  #newest: Instant

  constructor(db: DatabaseSync, dir: string, sync = syncFile) {
    this.#sync = sync
    this.#db = db
    this.#dir = dir
    db.exec('pragma synchronous = normal')
    bundleOldPieces(db)
    const progress = sql(db, 'select age, newest from progress').get()
    this.#age = Number(progress?.['age'])
    this.#newest = Number(progress?.['newest'])
    this.#runs = Number(sql(db, 'select count(*) as n from runs').get()?.['n'])
  }

  /** Counts writes. */
  get age(): number {
    return this.#age
  }

  get newest(): Instant {
    return this.#newest
  }

  append(readings: readonly StoredReading[]): void {
    try {
      this.#commit(readings)
    } catch (error) {
      // Names of series that were rolled back with the rest must be given again.
      this.#lastSeries.clear()
      this.#pieces = undefined
      throw error
    }
  }

  #commit(readings: readonly StoredReading[]): void {
    const age = this.#age + 1
    const pieces = inTransaction(this.#db, () => {
      const run = this.#piecesOf(readings)
      addRun(this.#db, this.#out, age, run)
      sql(this.#db, 'update progress set age = ?, newest = ?').run(age, this.#newestOf(readings))
      return run
    })
    this.#age = age
    this.#newest = this.#newestOf(readings)
    if (this.#runs === 0) this.#pieces = new Map()
    if (this.#pieces !== undefined) gather(this.#pieces, pieces)
    this.#runs += 1
    this.#rows += readings.length
  }

  #newestOf(readings: readonly StoredReading[]): Instant {
    return readings.reduce((latest, { at }) => Math.max(latest, at), this.#newest)
  }

  #piecesOf(readings: readonly StoredReading[]): SeriesPiece[] {
    const bySeries = new Map<number, StoredReading[]>()
    for (const reading of readings) {
      const series = this.#seriesOf(reading)
      const found = bySeries.get(series)
      if (found === undefined) bySeries.set(series, [reading])
      else found.push(reading)
    }
    return [...bySeries]
      .map(([series, samples]): SeriesPiece => [series, pieceOf(samples)])
      .sort(([a], [b]) => a - b)
  }

  #seriesOf({ deviceId, assetId, network, zone }: StoredReading): number {
    const last = this.#lastSeries.get(deviceId)
    if (last?.assetId === assetId && last.network === network && last.zone === zone) return last.id
    const tags = [deviceId, assetId, network, zone]
    const select = 'select id from series where device = ? and asset = ? and network = ? and zone = ?'
    const known = sql(this.#db, select).get(...tags)?.['id']
    const id = Number(known ?? this.#newSeries(tags))
    this.#lastSeries.set(deviceId, { id, assetId, network, zone })
    return id
  }

  #newSeries(tags: readonly string[]): number | bigint {
    this.#hasNewNames = true
    const insert = 'insert into series (device, asset, network, zone) values (?, ?, ?, ?)'
    return sql(this.#db, insert).run(...tags).lastInsertRowid
  }

  /** Whether it is time to fold. */
  isFull(): boolean {
    return this.#runs >= MOST_RUNS || this.#rows >= MOST_ROWS
  }

  /** Each series' readings as one piece. */
  all(): SeriesPiece[] {
    const pieces = this.#pieces ?? readAll(this.#db)
    return [...pieces].map(([series, parts]): SeriesPiece => [series, mergePieces(parts)])
  }

  /** To be called before any day is written that speaks of a new number. */
  copyNames(): void {
    if (this.#hasNewNames) copySeries(this.#db, this.#dir)
    this.#hasNewNames = false
  }

  /** After they were folded. */
  empty(): void {
    inTransaction(this.#db, () => this.#db.exec('delete from bundles; delete from runs'))
    this.#pieces = new Map()
    this.#runs = 0
    this.#rows = 0
  }

  /**
   * What was committed survives a power cut when it returns. Commits themselves do not wait for the disk:
   * until the forwarder's mark has passed it, the journal has it too.
   */
  secure(): void {
    if (this.#secured === this.#age) return
    this.#sync(join(this.#dir, `${FRESH}.db-wal`))
    this.#secured = this.#age
  }
}

function syncFile(path: string): void {
  const file = openSync(path, 'r')
  try {
    fdatasyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Pieces of these series that are not folded yet, oldest first, as one moment shows them. */
export function freshPiecesOf(db: DatabaseSync, series: readonly number[]): Piece[] {
  return inTransaction(
    db,
    () => {
      const get = sql(db, 'select body from bundles where key = ?')
      return runIds(db).flatMap((run) =>
        series.flatMap((one) => {
          const row = get.get(run * SERIES_LIMIT + bundleOf(one))
          return row === undefined ? [] : piecesIn(row['body'] as Uint8Array, bundleOf(one), one)
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

function readAll(db: DatabaseSync): Map<number, Piece[]> {
  const pieces = new Map<number, Piece[]>()
  const range = sql(db, 'select key, body from bundles where key >= ? and key < ?')
  for (const run of runIds(db)) {
    for (const { key, body } of range.iterate(run * SERIES_LIMIT, (run + 1) * SERIES_LIMIT)) {
      gather(pieces, piecesIn(body as Uint8Array, Number(key) % SERIES_LIMIT))
    }
  }
  return pieces
}

function gather(pieces: Map<number, Piece[]>, some: readonly SeriesPiece[]): void {
  for (const [series, piece] of some) {
    const found = pieces.get(series)
    if (found === undefined) pieces.set(series, [piece])
    else found.push(piece)
  }
}

function bundleOf(series: number): number {
  return Math.floor(series / SERIES_A_BUNDLE)
}

/** Appends a run of pieces that ascend by series; to be called within a transaction. */
function addRun(db: DatabaseSync, out: ByteWriter, age: number, pieces: readonly SeriesPiece[]): void {
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

/** Those of a bundle, or only the one of `wanted`. */
function piecesIn(body: Uint8Array, bundle: number, wanted?: number): SeriesPiece[] {
  const from = new ByteReader(body)
  const pieces: SeriesPiece[] = []
  while (!from.atEnd) {
    const series = bundle * SERIES_A_BUNDLE + from.byte()
    const length = from.length()
    const next = from.at + length
    if (wanted === undefined || wanted === series) pieces.push([series, readPiece(from)])
    from.at = next
  }
  return pieces
}

/** A file of an earlier form has a row for each piece of a run. */
function bundleOldPieces(db: DatabaseSync): void {
  if (db.prepare("select 1 from sqlite_schema where name = 'pieces'").get() === undefined) return
  inTransaction(db, () => {
    const ofRun = db.prepare('select key, body from pieces where key >= ? and key < ? order by key')
    const runs = db.prepare('select id, age from runs order by age, id').all()
    const old = runs.map(({ id, age }) => ({
      age: Number(age),
      pieces: ofRun
        .all(Number(id) * SERIES_LIMIT, (Number(id) + 1) * SERIES_LIMIT)
        .map(({ key, body }): SeriesPiece => [Number(key) % SERIES_LIMIT, decodePiece(body as Uint8Array)]),
    }))
    db.exec(`drop table pieces; drop table runs; ${FRESH_RUN_TABLES}`)
    for (const { age, pieces } of old) addRun(db, new ByteWriter(), age, pieces)
  })
}
