import type { DatabaseSync } from 'node:sqlite'
import { DAY, HOUR, type Instant } from '../../../domain/instant.ts'
import {
  StoreDamaged,
  StoreUnavailable,
  type Log,
  type StoredReading,
  type WriteOutcome,
} from '../../../flows/ports.ts'
import { asUnavailable, isDamaged, isWhole } from '../../sqlite-trouble.ts'
import { sift } from '../sift.ts'
import { copySeries, openFresh, readCopy } from './fresh.ts'
import { closeLayout, dayOfRawName, openLayout, rawName, saveRollups, type Layout } from './layout.ts'
import { mergePieces, pieceOf, splitPiece } from './piece.ts'
import { dropOldRollups, filesKept, rawDayToDrop, type Retention } from './retention.ts'
import {
  addRun,
  everything,
  hasOpenRuns,
  mergeSlice,
  newestAge,
  planClosing,
  planMerge,
  type SeriesPiece,
} from './runs.ts'
import { inTransaction, sql } from './sqlite.ts'

export interface EmbeddedOptions {
  readonly dir: string
  readonly retention: Retention
  readonly log: Log
  /** A finished day without new runs for so many writes is closed. */
  readonly quietWrites?: number
}

const QUIET_WRITES = 300
const FRESH_RUNS = 16
const SLICE_MS = 40
/** A day is finished when readings of three hours after it have come. */
const DAY_GRACE_MS = 3 * HOUR
const FREE_PAGES_A_SLICE = 500

/** The one writer of the embedded store; it lives in the forwarder's thread. */
export class EmbeddedWriter {
  readonly kind = 'embedded'
  readonly whole = true
  /** The newest readings were damaged: what the journal still has should be stored again. */
  readonly begunAnew: boolean
  readonly #options: EmbeddedOptions
  readonly #layout: Layout
  readonly #fresh: DatabaseSync
  /** Of each device where it stands now. */
  readonly #lastSeries = new Map<
    string,
    { id: number } & Pick<StoredReading, 'assetId' | 'network' | 'zone'>
  >()
  /** Days that may have something to merge or close. */
  readonly #untidy: Set<number>
  #hasNewNames: boolean
  #age: number
  #newest: Instant
  #oldestKept = -Infinity

  constructor(options: EmbeddedOptions) {
    this.#options = options
    this.#layout = openLayout(options.dir, false)
    const { db: fresh, begunAnew } = openFresh(this.#layout, options.dir, options.log)
    this.#fresh = fresh
    this.begunAnew = begunAnew
    this.#hasNewNames = readCopy(options.dir) === undefined
    const progress = sql(fresh, 'select age, newest from progress').get()
    this.#age = Number(progress?.['age'])
    this.#newest = Number(progress?.['newest'])
    this.#untidy = new Set(this.#days())
    this.#noteOldestKept()
  }

  write(readings: readonly StoredReading[]): Promise<WriteOutcome> {
    const { good, rejected } = sift(readings)
    const late = good.filter((reading) => reading.at < this.#oldestKept)
    const reason = `older than the ${String(this.#options.retention.rawDays)} days of raw readings kept`
    const kept = late.length === 0 ? good : good.filter((reading) => reading.at >= this.#oldestKept)
    try {
      if (kept.length > 0) this.#append(kept)
    } catch (error) {
      // Names of series that were rolled back with the rest must be given again.
      this.#lastSeries.clear()
      if (isDamaged(error)) return Promise.reject(this.#damaged(error))
      this.#makeRoom()
      return Promise.reject(asUnavailable(error) as Error)
    }
    return Promise.resolve({ rejected: [...rejected, ...late.map((reading) => ({ reading, reason }))] })
  }

  #append(readings: readonly StoredReading[]): void {
    const newest = readings.reduce((latest, { at }) => Math.max(latest, at), this.#newest)
    inTransaction(this.#fresh, () => {
      const bySeries = new Map<number, StoredReading[]>()
      for (const reading of readings) {
        const series = this.#seriesOf(reading)
        const found = bySeries.get(series)
        if (found === undefined) bySeries.set(series, [reading])
        else found.push(reading)
      }
      const pieces = [...bySeries].map(([series, samples]): SeriesPiece => [series, pieceOf(samples)])
      addRun(this.#fresh, this.#age + 1, 0, pieces)
      sql(this.#fresh, 'update progress set age = ?, newest = ?').run(this.#age + 1, newest)
    })
    this.#age++
    this.#newest = newest
  }

  #seriesOf({ deviceId, assetId, network, zone }: StoredReading): number {
    const last = this.#lastSeries.get(deviceId)
    if (last?.assetId === assetId && last.network === network && last.zone === zone) return last.id
    const tags = [deviceId, assetId, network, zone]
    const insert = 'insert or ignore into series (device, asset, network, zone) values (?, ?, ?, ?)'
    if (Number(sql(this.#fresh, insert).run(...tags).changes) > 0) this.#hasNewNames = true
    const select = 'select id from series where device = ? and asset = ? and network = ? and zone = ?'
    const id = Number(sql(this.#fresh, select).get(...tags)?.['id'])
    this.#lastSeries.set(deviceId, { id, assetId, network, zone })
    return id
  }

  /** One slice of upkeep, some 50 ms; true while there is more to do. */
  tidy(): boolean {
    try {
      return this.#fold() || this.#mergeSome() || this.#dropOld()
    } catch (error) {
      if (isDamaged(error)) throw this.#damaged(error)
      this.#makeRoom()
      throw asUnavailable(error)
    }
  }

  /** Sixteen fresh runs become one run of each day that they touch; then they go. */
  #fold(): boolean {
    const count = Number(sql(this.#fresh, 'select count(*) as n from runs').get()?.['n'])
    if (count < FRESH_RUNS) return false
    if (this.#hasNewNames) copySeries(this.#fresh, this.#options.dir)
    this.#hasNewNames = false
    const { pieces, age } = everything(this.#fresh)
    const days = new Map<number, SeriesPiece[]>()
    for (const [series, parts] of pieces) {
      for (const [day, piece] of splitPiece(mergePieces(parts), DAY)) {
        const found = days.get(day)
        if (found === undefined) days.set(day, [[series, piece]])
        else found.push([series, piece])
      }
    }
    // Stopped between the two commits, the same is folded again, which changes nothing.
    for (const [day, dayPieces] of days) {
      const db = this.#day(day)
      inTransaction(db, () =>
        addRun(
          db,
          age,
          1,
          dayPieces.sort(([a], [b]) => a - b),
        ),
      )
      this.#untidy.add(day)
    }
    inTransaction(this.#fresh, () => this.#fresh.exec('delete from pieces; delete from runs'))
    return true
  }

  #mergeSome(): boolean {
    for (const day of this.#untidy) {
      const db = this.#day(day)
      if (planMerge(db) || (this.#mayClose(day, db) && planClosing(db))) {
        mergeSlice(db, SLICE_MS, (whole) => saveRollups(this.#layout, day, whole))
        return true
      }
      if (hasOpenRuns(db)) continue
      if (shrink(db)) return true
      db.exec('pragma wal_checkpoint(truncate)')
      this.#untidy.delete(day)
    }
    return false
  }

  #dropOld(): boolean {
    dropOldRollups(this.#layout, this.#options.retention, this.#options.log)
    const name = rawDayToDrop(this.#layout, this.#options.retention, this.#options.dir)
    const day = name === undefined ? undefined : dayOfRawName(name)
    if (day === undefined) return false
    const db = this.#day(day)
    // What is dropped lives on in its roll-ups.
    if (hasOpenRuns(db)) {
      planClosing(db)
      mergeSlice(db, SLICE_MS, (whole) => saveRollups(this.#layout, day, whole))
    } else this.#dropOldestDay()
    return true
  }

  /** On a full disk, where nothing can be rolled up any more. */
  #makeRoom(): void {
    const name = rawDayToDrop(this.#layout, this.#options.retention, this.#options.dir)
    if (name !== undefined) this.#dropOldestDay()
  }

  #dropOldestDay(): void {
    const name = this.#layout.raw.names()[0]
    if (name === undefined) return
    this.#layout.raw.drop(name)
    this.#untidy.delete(dayOfRawName(name) ?? NaN)
    this.#noteOldestKept()
    this.#options.log.warn({ day: name }, 'the oldest day of raw readings was dropped')
  }

  /** Keeps aside what is damaged, so that the next try begins it anew. */
  #damaged(cause: unknown): Error {
    if (!isWhole(() => this.#fresh)) return new StoreDamaged('the newest readings are damaged', { cause })
    for (const shelf of [this.#layout.raw, this.#layout.minutes, this.#layout.hours]) {
      for (const name of shelf.names()) {
        if (isWhole(() => shelf.file(name))) continue
        const kept = shelf.setAside(name)
        this.#options.log.error({ kept }, 'a file of the history is damaged: its readings are missing')
      }
    }
    return new StoreUnavailable('a file of the history was damaged', { cause })
  }

  #isFinished(day: number): boolean {
    return this.#newest >= (day + 1) * DAY + DAY_GRACE_MS
  }

  #mayClose(day: number, db: DatabaseSync): boolean {
    const quiet = this.#age - (this.#options.quietWrites ?? QUIET_WRITES)
    return this.#isFinished(day) && newestAge(db) <= quiet
  }

  #noteOldestKept(): void {
    const days = this.#days()
    const full = days.length >= filesKept(this.#options.retention).raw
    this.#oldestKept = full ? (days[0] ?? 0) * DAY : -Infinity
  }

  #days(): number[] {
    return this.#layout.raw.names().flatMap((name) => dayOfRawName(name) ?? [])
  }

  #day(day: number): DatabaseSync {
    const db = this.#layout.raw.file(rawName(day))
    if (db === undefined) throw new Error(`no file for ${rawName(day)}`)
    return db
  }

  close(): Promise<void> {
    closeLayout(this.#layout)
    return Promise.resolve()
  }
}

/** Gives the disk back what merging left empty, a little at a time. */
function shrink(db: DatabaseSync): boolean {
  const free = () => Number(db.prepare('pragma freelist_count').get()?.['freelist_count'])
  if (free() < FREE_PAGES_A_SLICE) return false
  db.exec(`pragma incremental_vacuum(${String(FREE_PAGES_A_SLICE)})`)
  return true
}
