import type { DatabaseSync } from 'node:sqlite'
import { MAX_SIGNALS_PER_DEVICE } from '#contract/telemetry.ts'
import { DAY, HOUR } from '../../../domain/instant.ts'
import { Rows } from '../../../domain/telemetry/rows.ts'
import {
  StoreDamaged,
  StoreUnavailable,
  type Log,
  type ReadingTags,
  type StoredReading,
  type WriteOutcome,
} from '../../../flows/ports.ts'
import { asUnavailable, isDamaged, isWhole } from '../../sqlite-errors.ts'
import { rowSieve, sift } from '../sift.ts'
import { openFresh } from './fresh.ts'
import { Folding } from './fold.ts'
import { FreshRuns } from './fresh-runs.ts'
import { closeLayout, dayOfRawName, openLayout, rawName, type Layout } from './layout.ts'
import { Merging } from './merging.ts'
import { dropOldRollups, filesKept, rawDayToDrop, type Retention } from './retention.ts'
import type { Piece } from './piece.ts'
import { decodeWhole } from './piece-code.ts'
import { freshPieceOf } from './chunks.ts'
import { newestAge, piecesOf } from './runs.ts'
import { sql } from './sqlite.ts'

export interface EmbeddedOptions {
  readonly dir: string
  readonly retention: Retention
  readonly log: Log
  /** A finished day without new runs for so many writes is closed. */
  readonly quietWrites?: number
  /** Called when the newest readings are lost: what the journal still has should be stored again. */
  readonly forgetPlace?: () => void
  /** How long what could not be folded or merged rests before the next try. */
  readonly pauseMs?: number
  /** Returns when what was written to this file outlives a power cut. */
  readonly sync?: (path: string) => void
}

const QUIET_WRITES = 300
const PAUSE_MS = 10_000
/** A day is finished when readings of three hours after it have come. */
const DAY_GRACE_MS = 3 * HOUR

/** The one writer of the embedded store; it lives in the forwarder's thread. */
export class EmbeddedWriter {
  readonly kind = 'embedded'
  readonly #options: EmbeddedOptions
  readonly #layout: Layout
  readonly #freshFile: DatabaseSync
  readonly #fresh: FreshRuns
  readonly #folding: Folding
  readonly #merging: Merging
  readonly #isGood = rowSieve()
  #oldestKept = -Infinity
  readonly #pieceDamaged = (error: unknown): void =>
    this.#options.log.error({ err: error }, 'a piece of the history is damaged and is left out')

  constructor(options: EmbeddedOptions) {
    this.#options = options
    this.#layout = openLayout(options.dir, false)
    const forgetPlace = options.forgetPlace ?? (() => undefined)
    this.#freshFile = openFresh(this.#layout, options.dir, options.log, forgetPlace)
    this.#fresh = new FreshRuns(this.#freshFile, options.dir, this.#pieceDamaged, options.sync)
    const { pauseMs = PAUSE_MS } = options
    const fileOf = (day: number): DatabaseSync => this.#day(day)
    this.#folding = new Folding(this.#fresh, fileOf, pauseMs)
    const isOver = (day: number, db: DatabaseSync): boolean => this.#isOver(day, db)
    const parts = { layout: this.#layout, fileOf, isOver, damaged: this.#pieceDamaged, pauseMs }
    this.#merging = new Merging(parts, this.#days())
    this.#noteOldestKept()
  }

  write(readings: readonly StoredReading[]): Promise<WriteOutcome> {
    const { good, rejected } = this.#sifted(readings)
    const rows = new Rows()
    good.forEach(({ at, fields }, owner) => rows.addFields(owner, at, fields))
    return this.#append(rows, good, rejected)
  }

  writeRows(rows: Rows, owners: readonly ReadingTags[]): Promise<WriteOutcome> {
    const isFine = (row: number): boolean =>
      (rows.at[row] ?? 0) >= this.#oldestKept && this.#isGood(rows, row, owners)
    let fine = 0
    while (fine < rows.count && isFine(fine)) fine += 1
    if (fine === rows.count) return this.#append(rows, owners, [])
    const kept = new Rows()
    const rejected: WriteOutcome['rejected'][number][] = []
    for (let row = 0; row < rows.count; row += 1) {
      const owner = rows.owner[row] ?? 0
      const tags = owners[owner]
      if (row < fine || isFine(row)) kept.take(rows, row, owner)
      else if (tags !== undefined) {
        const sifted = this.#sifted([{ ...tags, at: rows.at[row] ?? 0, fields: rows.fieldsOf(row) }])
        for (const { at, fields } of sifted.good) kept.addFields(owner, at, fields)
        rejected.push(...sifted.rejected)
      }
    }
    return this.#append(kept, owners, rejected)
  }

  #sifted(readings: readonly StoredReading[]): ReturnType<typeof sift> {
    const { good, rejected } = sift(readings)
    const late = good.filter(({ at }) => at < this.#oldestKept)
    if (late.length === 0) return { good, rejected }
    const reason = `older than the ${String(this.#options.retention.rawDays)} days of raw readings kept`
    return {
      good: good.filter(({ at }) => at >= this.#oldestKept),
      rejected: [...rejected, ...late.map((reading) => ({ reading, reason }))],
    }
  }

  #append(
    rows: Rows,
    owners: readonly ReadingTags[],
    rejected: WriteOutcome['rejected'],
  ): Promise<WriteOutcome> {
    try {
      if (rows.count > 0) this.#fresh.append(rows, owners)
    } catch (error) {
      if (isDamaged(error)) return Promise.reject(this.#damaged(error))
      this.#makeRoom()
      return Promise.reject(asUnavailable(error) as Error)
    }
    return Promise.resolve({ rejected })
  }

  storedNames(deviceId: string): ReadonlySet<string> {
    const found = sql(this.#freshFile, 'select id from series where device = ?').all(deviceId)
    const series = found.map(({ id }) => Number(id))
    const names = new Set<string>()
    const note = (piece: Piece): void => piece.signals.keys().forEach((name) => names.add(name))
    try {
      for (const day of this.#days()) {
        const pieces = piecesOf(this.#day(day), series)
        for (const { body } of pieces) decodeWhole(body, this.#pieceDamaged).forEach(note)
        if (names.size >= MAX_SIGNALS_PER_DEVICE) return names
      }
      note(freshPieceOf(this.#freshFile, series, this.#pieceDamaged))
    } catch (error) {
      this.#pieceDamaged(error)
    }
    return names
  }

  /** @see FreshRuns.secure */
  secure(): void {
    try {
      this.#fresh.secure()
    } catch (error) {
      throw isDamaged(error) ? this.#damaged(error) : asUnavailable(error)
    }
  }

  /** One slice of upkeep, some 50 ms; true while there is more to do. */
  tidy(): boolean {
    try {
      const more =
        this.#folding.step((day) => this.#merging.add(day)) || this.#merging.step() || this.#dropOld()
      const trouble = this.#folding.trouble ?? this.#merging.trouble
      if (!more && trouble !== undefined) throw trouble
      return more
    } catch (error) {
      if (isDamaged(error)) throw this.#damaged(error)
      this.#makeRoom()
      throw asUnavailable(error)
    }
  }

  #dropOld(): boolean {
    dropOldRollups(this.#layout, this.#options.retention, this.#options.log)
    const name = rawDayToDrop(this.#layout, this.#options.retention, this.#options.dir)
    const day = name === undefined ? undefined : dayOfRawName(name)
    if (day === undefined) return false
    if (!this.#merging.close(day)) this.#dropOldestDay()
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
    this.#merging.forget(dayOfRawName(name) ?? NaN)
    this.#noteOldestKept()
    this.#options.log.warn({ day: name }, 'the oldest day of raw readings was dropped')
  }

  /** Keeps aside what is damaged, so that the next try begins it anew. */
  #damaged(cause: unknown): Error {
    if (!isWhole(() => this.#freshFile)) return new StoreDamaged('the newest readings are damaged', { cause })
    for (const shelf of [this.#layout.raw, this.#layout.minutes, this.#layout.hours]) {
      for (const name of shelf.names()) {
        if (isWhole(() => shelf.file(name))) continue
        const kept = shelf.setAside(name)
        if (shelf === this.#layout.raw) {
          const day = dayOfRawName(name) ?? NaN
          this.#merging.forget(day)
          this.#folding.begunAnew(day)
        }
        this.#options.log.error({ kept }, 'a file of the history is damaged: its readings are missing')
      }
    }
    this.#noteOldestKept()
    return new StoreUnavailable('a file of the history was damaged', { cause })
  }

  /** Its end is well past, and nothing more of it has come for a while. */
  #isOver(day: number, db: DatabaseSync): boolean {
    const quiet = this.#fresh.age - (this.#options.quietWrites ?? QUIET_WRITES)
    return this.#fresh.newest >= (day + 1) * DAY + DAY_GRACE_MS && newestAge(db) <= quiet
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
