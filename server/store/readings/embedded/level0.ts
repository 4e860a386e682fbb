import { closeSync, fdatasyncSync, openSync } from 'node:fs'
import { join } from 'node:path'
import type { DatabaseSync } from 'node:sqlite'
import type { Instant } from '../../../domain/instant.ts'
import { Rows } from '../../../domain/telemetry/rows.ts'
import { StoreDamaged, type ReadingTags } from '../../../flows/ports.ts'
import {
  addLevel0Table,
  addRowsOf,
  dropLevel0Table,
  level0Tables,
  type Level0Table,
} from './level0-tables.ts'
import { migrateLevel0 } from './level0-legacy.ts'
import { LEVEL0 } from './layout.ts'
import { copySeries } from './series-copy.ts'
import { inTransaction, sql } from './sqlite.ts'

/** Flushed are no fewer writes, and no fewer rows a device: a chunk of a row or two is nearly all names. */
const MIN_TABLES = 16
const MIN_ROWS_PER_DEVICE = 16
/** Unless there are so many of them: who asks looks into each. */
const MAX_TABLES = 256
const MAX_ROWS = 200_000
/** Rows of a device that sends many signals are long. */
const MAX_BYTES = 32 * 1024 * 1024
/** So many times what is flushed at once is kept in memory; what is more is read from the file. */
const MAX_KEPT_FLUSHES = 2

/** The oldest tables, as they are flushed together: the first `count` of the rows, which may be more. */
export interface Batch {
  readonly tables: readonly Level0Table[]
  readonly rows: Rows
  readonly count: number
  /** The write that the last of them is. */
  readonly age: number
}

/**
 * What came last, on the writer's side: every write is a table, and after a few of them all are flushed into
 * their days. Reads nothing back as long as nothing goes wrong: it keeps what it has written.
 */
export class Level0 {
  readonly #db: DatabaseSync
  readonly #dir: string
  readonly #damaged: (error: unknown) => void
  readonly #sync: (path: string) => void
  /** Whether the copy may lack one; unknown at the start. */
  #hasNewNames = true
  /** Of each device where it stands now. */
  readonly #lastSeries = new Map<string, Series>()
  /** Of each of these owners its series, once it is known. */
  #owners: readonly ReadingTags[] = []
  #seriesOfOwner: number[] = []
  /** All tables, oldest first, and their rows one after the other, by series, unless some are missing. */
  #tables: Level0Table[]
  readonly #rows = new Rows()
  #hasAllRows: boolean
  #count: number
  #bytes: number
  /** So many of the tables are being flushed. */
  #flushing = 0
  #age: number
  /** The write up to which all is past a power cut; what was written before the start may not be. */
  #secured = -1
  #refused: StoreDamaged | undefined
  /** An earlier start's log may have a part that the disk never took, and all behind it would go with it. */
  #inherited = true
  #newest: Instant

  /** `damaged` is told of each chunk that cannot be read and is left out. */
  constructor(db: DatabaseSync, dir: string, damaged: (error: unknown) => void, sync = syncFile) {
    this.#damaged = damaged
    this.#sync = sync
    this.#db = db
    this.#dir = dir
    db.exec('pragma synchronous = normal')
    migrateLevel0(db, this.#damaged)
    const progress = sql(db, 'select age, newest from progress').get()
    this.#age = Number(progress?.['age'])
    this.#newest = Number(progress?.['newest'])
    this.#tables = level0Tables(db)
    this.#count = rowsOf(this.#tables)
    this.#bytes = bytesOf(this.#tables)
    this.#hasAllRows = this.#tables.length === 0
  }

  /** Counts writes. */
  get age(): number {
    return this.#age
  }

  get newest(): Instant {
    return this.#newest
  }

  /** Their owners are places in `owners`; one that is there already stays what it is. */
  append(rows: Rows, owners: readonly ReadingTags[]): void {
    if (!this.#hasAllRows) this.#rows.clear()
    const before = this.#rows.count
    try {
      this.#commit(rows, owners)
    } catch (error) {
      // Names of series that were rolled back with the rest must be given again.
      this.#lastSeries.clear()
      this.#owners = []
      this.#rows.cutTo(before)
      throw error
    }
  }

  #commit(rows: Rows, owners: readonly ReadingTags[]): void {
    const age = this.#age + 1
    const first = this.#rows.count
    let newest = this.#newest
    const table = inTransaction(this.#db, () => {
      for (let row = 0; row < rows.count; row += 1) {
        this.#rows.take(rows, row, this.#seriesOf(rows.owner[row] ?? 0, owners))
        newest = Math.max(newest, rows.at[row] ?? 0)
      }
      sql(this.#db, 'update progress set age = ?, newest = ?').run(age, newest)
      return addLevel0Table(this.#db, age, this.#rows, first)
    })
    this.#age = age
    this.#newest = newest
    this.#tables.push(table)
    this.#count += table.rows
    this.#bytes += table.bytes
    if (this.#exceeds(MAX_KEPT_FLUSHES)) this.#hasAllRows = false
  }

  #seriesOf(owner: number, owners: readonly ReadingTags[]): number {
    if (owners !== this.#owners) {
      this.#owners = owners
      this.#seriesOfOwner = []
    }
    const tags = owners[owner]
    return (this.#seriesOfOwner[owner] ??= tags === undefined ? 0 : this.#seriesOfTags(tags))
  }

  #seriesOfTags({ deviceId, assetId, network, zone }: ReadingTags): number {
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

  /** Whether it is time to flush. */
  isFull(): boolean {
    if (this.#exceeds(1)) return true
    return this.#tables.length >= MIN_TABLES && this.#count >= MIN_ROWS_PER_DEVICE * this.#lastSeries.size
  }

  #exceeds(share: number): boolean {
    const { length } = this.#tables
    return length >= share * MAX_TABLES || this.#count >= share * MAX_ROWS || this.#bytes >= share * MAX_BYTES
  }

  /** The same ones again until they are replaced, whatever is written meanwhile. */
  oldest(): Batch {
    if (this.#flushing === 0) this.#flushing = this.#flushLength()
    const tables = this.#tables.slice(0, this.#flushing)
    const count = rowsOf(tables)
    const age = tables.at(-1)?.age ?? this.#age
    if (this.#hasAllRows) return { tables, rows: this.#rows, count, age }
    const rows = new Rows()
    for (const { id } of tables) addRowsOf(this.#db, id, rows, this.#damaged)
    return { tables, rows, count: rows.count, age }
  }

  /** How many tables are flushed at once. */
  #flushLength(): number {
    let end = 0
    let [rows, bytes] = [0, 0]
    for (const table of this.#tables.slice(0, MAX_TABLES)) {
      if (rows >= MAX_ROWS || bytes >= MAX_BYTES) break
      rows += table.rows
      bytes += table.bytes
      end += 1
    }
    return end
  }

  /** To be called before any day is written that speaks of a new number. */
  copyNames(): void {
    if (this.#hasNewNames) copySeries(this.#db, this.#dir)
    this.#hasNewNames = false
  }

  /** After they were flushed, but for those of these rows. */
  replace({ tables, count, age }: Batch, rest: Rows): void {
    const left = inTransaction(this.#db, () => {
      if (tables.length === this.#tables.length) this.#db.exec('delete from chunks; delete from runs')
      else for (const { id } of tables) dropLevel0Table(this.#db, id)
      return rest.count === 0 ? [] : [addLevel0Table(this.#db, age, rest, 0)]
    })
    this.#flushing = 0
    this.#tables.splice(0, tables.length, ...left)
    this.#count = rowsOf(this.#tables)
    this.#bytes = bytesOf(this.#tables)
    if (this.#hasAllRows) this.#keepFrom(count, rest)
    else if (this.#tables.length === 0) {
      this.#rows.clear()
      this.#hasAllRows = true
    }
  }

  #keepFrom(count: number, rest: Rows): void {
    for (let row = count; row < this.#rows.count; row += 1)
      rest.take(this.#rows, row, this.#rows.owner[row] ?? 0)
    this.#rows.clear()
    for (let row = 0; row < rest.count; row += 1) this.#rows.take(rest, row, rest.owner[row] ?? 0)
  }

  /**
   * What was committed survives a power cut when it returns. Commits themselves do not wait for the disk:
   * until the forwarder's mark has passed it, the journal has it too. @throws StoreDamaged once the disk has
   * refused, and ever after: it tells of a loss a single time, and what it lost has to be written again.
   */
  sync(): void {
    if (this.#refused !== undefined) throw this.#refused
    if (this.#secured === this.#age) return
    if (this.#inherited) this.#inherited = !isEmptied(this.#db)
    try {
      this.#sync(join(this.#dir, `${LEVEL0}.db-wal`))
    } catch (cause) {
      this.#refused = new StoreDamaged('the disk did not take the newest readings', { cause })
      throw this.#refused
    }
    this.#secured = this.#age
  }
}

type Series = { readonly id: number } & Pick<ReadingTags, 'assetId' | 'network' | 'zone'>

function rowsOf(tables: readonly Level0Table[]): number {
  return tables.reduce((sum, { rows }) => sum + rows, 0)
}

function bytesOf(tables: readonly Level0Table[]): number {
  return tables.reduce((sum, { bytes }) => sum + bytes, 0)
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
