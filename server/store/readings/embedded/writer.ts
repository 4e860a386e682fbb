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
import { asUnavailable, isDamaged, isWhole } from '../../../disk/sqlite-errors.ts'
import { rowValidator, validateReadings } from '../validate.ts'
import { openLevel0 } from './open-level0.ts'
import { Flusher, type NamesLeftOut } from './flush.ts'
import { Level0 } from './level0.ts'
import { closeLayout, dayOfRawName, openLayout, rawName, type Layout } from './layout.ts'
import { Compactor } from './compaction.ts'
import { dropOldRollups, filesKept, rawDayToDrop, type Retention } from './retention.ts'
import type { Chunk } from './chunk.ts'
import { decodeWhole } from './chunk-format.ts'
import { level0ChunkOf } from './level0-tables.ts'
import { newestAge, chunksOf } from './sstables.ts'
import { sql } from './sqlite.ts'

export interface EmbeddedOptions {
  readonly dir: string
  readonly retention: Retention
  readonly log: Log
  /** A finished day without new tables for so many writes is closed. */
  readonly quietWrites?: number
  /** Called when the newest readings are lost: what the journal still has should be stored again. */
  readonly forgetPlace?: () => void
  /** Hears of values that no day takes: an earlier version let a device have more names than it may. */
  readonly leftOut?: (device: string, some: Omit<NamesLeftOut, 'series'>) => void
  /** How long what could not be flushed or merged rests before the next try. */
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
  readonly #level0File: DatabaseSync
  readonly #level0: Level0
  readonly #flusher: Flusher
  readonly #compactor: Compactor
  readonly #isGood = rowValidator()
  #oldestKept = -Infinity
  readonly #chunkDamaged = (error: unknown): void =>
    this.#options.log.error({ err: error }, 'a chunk of the history is damaged and is left out')

  constructor(options: EmbeddedOptions) {
    this.#options = options
    this.#layout = openLayout(options.dir, false)
    const forgetPlace = options.forgetPlace ?? (() => undefined)
    this.#level0File = openLevel0(this.#layout, options.dir, options.log, forgetPlace)
    this.#level0 = new Level0(this.#level0File, options.dir, this.#chunkDamaged, options.sync)
    const { pauseMs = PAUSE_MS } = options
    const fileOf = (day: number): DatabaseSync => this.#day(day)
    this.#flusher = new Flusher(this.#level0, fileOf, pauseMs, (some) => this.#noteLeftOut(some))
    const isOver = (day: number, db: DatabaseSync): boolean => this.#isOver(day, db)
    const parts = { layout: this.#layout, fileOf, isOver, damaged: this.#chunkDamaged, pauseMs }
    this.#compactor = new Compactor(parts, this.#days())
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

  #sifted(readings: readonly StoredReading[]): ReturnType<typeof validateReadings> {
    const { good, rejected } = validateReadings(readings)
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
      if (rows.count > 0) this.#level0.append(rows, owners)
    } catch (error) {
      if (isDamaged(error)) return Promise.reject(this.#damaged(error))
      this.#makeRoom()
      return Promise.reject(asUnavailable(error) as Error)
    }
    return Promise.resolve({ rejected })
  }

  storedNames(deviceId: string): ReadonlySet<string> {
    const found = sql(this.#level0File, 'select id from series where device = ?').all(deviceId)
    const series = found.map(({ id }) => Number(id))
    const names = new Set<string>()
    const note = (chunk: Chunk): void => chunk.signals.keys().forEach((name) => names.add(name))
    try {
      for (const day of this.#days()) {
        const chunks = chunksOf(this.#day(day), series)
        for (const { body } of chunks) decodeWhole(body, this.#chunkDamaged).forEach(note)
        if (names.size >= MAX_SIGNALS_PER_DEVICE) return names
      }
      note(level0ChunkOf(this.#level0File, series, this.#chunkDamaged))
    } catch (error) {
      this.#chunkDamaged(error)
    }
    return names
  }

  #noteLeftOut({ series, ...some }: NamesLeftOut): void {
    const found = sql(this.#level0File, 'select device from series where id = ?').get(series)
    this.#options.leftOut?.(String(found?.['device'] ?? ''), some)
  }

  /** @see Level0.sync */
  sync(): void {
    try {
      this.#level0.sync()
    } catch (error) {
      throw isDamaged(error) ? this.#damaged(error) : asUnavailable(error)
    }
  }

  /** One slice of upkeep, some 50 ms; true while there is more to do. */
  maintain(): boolean {
    try {
      const more =
        this.#flusher.step((day) => this.#compactor.add(day)) || this.#compactor.step() || this.#dropOld()
      const trouble = this.#flusher.trouble ?? this.#compactor.trouble
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
    if (!this.#compactor.close(day)) this.#dropOldestDay()
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
    this.#compactor.forget(dayOfRawName(name) ?? NaN)
    this.#noteOldestKept()
    this.#options.log.warn({ day: name }, 'the oldest day of raw readings was dropped')
  }

  /** Keeps aside what is damaged, so that the next try begins it anew. */
  #damaged(cause: unknown): Error {
    if (!isWhole(() => this.#level0File))
      return new StoreDamaged('the newest readings are damaged', { cause })
    for (const partitions of [this.#layout.raw, this.#layout.minutes, this.#layout.hours]) {
      for (const name of partitions.names()) {
        if (isWhole(() => partitions.file(name))) continue
        const kept = partitions.setAside(name)
        if (partitions === this.#layout.raw) {
          const day = dayOfRawName(name) ?? NaN
          this.#compactor.forget(day)
          this.#flusher.forgetDay(day)
        }
        this.#options.log.error({ kept }, 'a file of the history is damaged: its readings are missing')
      }
    }
    this.#noteOldestKept()
    return new StoreUnavailable('a file of the history was damaged', { cause })
  }

  /** Its end is well past, and nothing more of it has come for a while. */
  #isOver(day: number, db: DatabaseSync): boolean {
    const quiet = this.#level0.age - (this.#options.quietWrites ?? QUIET_WRITES)
    return this.#level0.newest >= (day + 1) * DAY + DAY_GRACE_MS && newestAge(db) <= quiet
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
