import { closeSync, fdatasyncSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Instant } from '../../../domain/instant.ts'
import { StoreDamaged, type StoredReading } from '../../../flows/ports.ts'
import { addFreshRun, bundleOldPieces, dropRun, runsIn, type FreshRun } from './bundles.ts'
import { ByteWriter } from './bytes.ts'
import { FRESH } from './layout.ts'
import { pieceOf } from './piece.ts'
import type { SeriesPiece } from './runs.ts'
import { copySeries } from './series-copy.ts'
import { inTransaction, sql } from './sqlite.ts'

const MOST_RUNS = 16
const MOST_ROWS = 100_000
/** So many times what is folded at once is kept in memory; what is more is read from the file. */
const MOST_KEPT = 4

/** The oldest runs, as they are folded together. */
export interface Batch {
  readonly runs: readonly FreshRun[]
  readonly rows: number
  /** The write that the last of them is. */
  readonly age: number
}

/**
 * What came last, on the writer's side: every write is a run, and after a few of them all are folded into
 * their days. Reads nothing back as long as nothing goes wrong: it keeps what it has written.
 */
export class FreshRuns {
  readonly #db: DatabaseSync
  readonly #dir: string
  readonly #damaged: (error: unknown) => void
  readonly #sync: (path: string) => void
  /** Whether the copy may lack one; unknown at the start. */
  #hasNewNames = true
  /** Of each device where it stands now. */
  readonly #lastSeries = new Map<
    string,
    { id: number } & Pick<StoredReading, 'assetId' | 'network' | 'zone'>
  >()
  readonly #out = new ByteWriter()
  /** All runs, oldest first; undefined when the file must be asked. */
  #kept: FreshRun[] | undefined
  #runs = 0
  #rows = 0
  #age: number
  /** The write up to which all is past a power cut; what was written before the start may not be. */
  #secured = -1
  #refused: StoreDamaged | undefined
  /** An earlier start's log may have a part that the disk never took, and all behind it would go with it. */
  #inherited = true
  #newest: Instant

  /** `damaged` is told of each piece that cannot be read and is left out. */
  constructor(db: DatabaseSync, dir: string, damaged: (error: unknown) => void, sync = syncFile) {
    this.#damaged = damaged
    this.#sync = sync
    this.#db = db
    this.#dir = dir
    db.exec('pragma synchronous = normal')
    bundleOldPieces(db, this.#damaged)
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
      this.#kept = undefined
      throw error
    }
  }

  #commit(readings: readonly StoredReading[]): void {
    const age = this.#age + 1
    const run = inTransaction(this.#db, () => {
      const written = addFreshRun(this.#db, this.#out, age, this.#piecesOf(readings))
      sql(this.#db, 'update progress set age = ?, newest = ?').run(age, this.#newestOf(readings))
      return written
    })
    this.#age = age
    this.#newest = this.#newestOf(readings)
    if (this.#runs === 0) this.#kept = []
    this.#kept?.push(run)
    this.#runs += 1
    this.#rows += run.rows
    if (this.#runs > MOST_KEPT * MOST_RUNS || this.#rows > MOST_KEPT * MOST_ROWS) this.#kept = undefined
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

  /** The same ones again until they are replaced, whatever is written meanwhile. */
  oldest(): Batch {
    const runs: FreshRun[] = []
    let rows = 0
    for (const run of this.#kept ?? runsIn(this.#db, this.#damaged)) {
      runs.push(run)
      rows += run.rows
      if (runs.length >= MOST_RUNS || rows >= MOST_ROWS) break
    }
    return { runs, rows, age: runs.at(-1)?.age ?? this.#age }
  }

  /** To be called before any day is written that speaks of a new number. */
  copyNames(): void {
    if (this.#hasNewNames) copySeries(this.#db, this.#dir)
    this.#hasNewNames = false
  }

  /** After they were folded, but for `rest`, which ascends by series. */
  replace({ runs, rows, age }: Batch, rest: readonly SeriesPiece[]): void {
    const left = inTransaction(this.#db, () => {
      if (runs.length === this.#runs) this.#db.exec('delete from bundles; delete from runs')
      else for (const { id } of runs) dropRun(this.#db, id)
      return rest.length === 0 ? [] : [addFreshRun(this.#db, this.#out, age, rest)]
    })
    this.#runs += left.length - runs.length
    this.#rows = Math.max(0, this.#rows - rows + (left[0]?.rows ?? 0))
    this.#kept?.splice(0, runs.length, ...left)
  }

  /**
   * What was committed survives a power cut when it returns. Commits themselves do not wait for the disk:
   * until the forwarder's mark has passed it, the journal has it too. @throws StoreDamaged once the disk has
   * refused, and ever after: it tells of a loss a single time, and what it lost has to be written again.
   */
  secure(): void {
    if (this.#refused !== undefined) throw this.#refused
    if (this.#secured === this.#age) return
    if (this.#inherited) this.#inherited = !isEmptied(this.#db)
    try {
      this.#sync(join(this.#dir, `${FRESH}.db-wal`))
    } catch (cause) {
      this.#refused = new StoreDamaged('the disk did not take the newest readings', { cause })
      throw this.#refused
    }
    this.#secured = this.#age
  }
}

/** Moves all of the write-ahead log into the file itself; false when somebody was reading. */
function isEmptied(db: DatabaseSync): boolean {
  return sql(db, 'pragma wal_checkpoint(truncate)').get()?.['busy'] === 0
}

function syncFile(path: string): void {
  const file = openSync(path, 'r')
  try {
    fdatasyncSync(file)
  } finally {
    closeSync(file)
  }
}
