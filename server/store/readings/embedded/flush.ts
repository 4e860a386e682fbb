import type { DatabaseSync } from 'node:sqlite'
import type { Instant } from '../../../domain/instant.ts'
import { Rows } from '../../../domain/telemetry/rows.ts'
import { StoreDamaged } from '../../../flows/ports.ts'
import { isDamaged } from '../../../disk/sqlite-errors.ts'
import type { Batch, Level0 } from './level0.ts'
import { dayOf } from './layout.ts'
import { encodeByDay, inSeries } from './encode-rows.ts'
import { addSSTable, type EncodedChunk } from './sstables.ts'
import { inTransaction } from './sqlite.ts'

/** Values of one series that a flush left out, since their names are beyond what a device may have. */
export interface NamesLeftOut {
  readonly series: number
  /** One for each value. */
  readonly names: readonly string[]
  readonly newest: Instant
}

/** Flushes level 0 into the days: of the oldest tables each day gets one SSTable of level 1; then they go. */
export class Flusher {
  readonly #level0: Level0
  readonly #fileOf: (day: number) => DatabaseSync
  readonly #pauseMs: number
  readonly #leftOut: (some: NamesLeftOut) => void
  #pausedUntil = -Infinity
  /** Days that have their table of the batch that ends with this write, though it is still there. */
  #written = { age: -1, days: new Set<number>() }
  /** Why the last try left something behind. */
  trouble: unknown

  constructor(
    fresh: Level0,
    fileOf: (day: number) => DatabaseSync,
    pauseMs: number,
    leftOut: (some: NamesLeftOut) => void,
  ) {
    this.#level0 = fresh
    this.#fileOf = fileOf
    this.#pauseMs = pauseMs
    this.#leftOut = leftOut
  }

  /** True when something was flushed; after trouble it rests for a while. @throws when a file is damaged */
  step(flushed: (day: number) => void): boolean {
    if (!this.#level0.isFull() || performance.now() < this.#pausedUntil) return false
    try {
      this.#flush(flushed)
      this.trouble = undefined
      return true
    } catch (error) {
      if (isDamaged(error) || error instanceof StoreDamaged) throw error
      this.trouble = error
      this.#pausedUntil = performance.now() + this.#pauseMs
      return false
    }
  }

  /** The day's file is another now, without what it had been given. */
  forgetDay(day: number): void {
    this.#written.days.delete(day)
  }

  #flush(flushed: (day: number) => void): void {
    const batch = this.#level0.oldest()
    const { days, leftOut } = byDay(batch)
    // The days speak of no series whose name a power cut, or a damaged file, could take back.
    this.#level0.copyNames()
    this.#level0.sync()
    if (this.#written.age !== batch.age) this.#written = { age: batch.age, days: new Set() }
    const { days: written } = this.#written
    // Stopped before the fresh ones went, the same is flushed again, which changes nothing.
    const failed = new Map<number, unknown>()
    for (const [day, chunks] of days) {
      if (written.has(day)) continue
      try {
        const file = this.#fileOf(day)
        inTransaction(file, () => addSSTable(file, batch.age, 1, chunks))
        written.add(day)
        flushed(day)
      } catch (error) {
        failed.set(day, error)
      }
    }
    // What no day has taken stays as it is; else the next try would write to the others again.
    if (failed.size < days.size || days.size === 0) {
      this.#level0.replace(batch, rowsOfDays(batch, failed))
      written.clear()
      leftOut.forEach(this.#leftOut)
    }
    for (const error of failed.values()) throw error
  }
}

interface ByDay {
  /** Ascending by series. */
  readonly days: ReadonlyMap<number, EncodedChunk[]>
  readonly leftOut: readonly NamesLeftOut[]
}

/** A table's chunks for each day. */
function byDay({ rows, count }: Batch): ByDay {
  const days = new Map<number, EncodedChunk[]>()
  const leftOut: NamesLeftOut[] = []
  const order = inSeries(rows, 0, count)
  for (let from = 0; from < count;) {
    const series = rows.owner[order[from] ?? 0] ?? 0
    let to = from + 1
    while (to < count && rows.owner[order[to] ?? 0] === series) to += 1
    const names: string[] = []
    const ofSeries = order.subarray(from, to)
    for (const [day, body] of encodeByDay(rows, ofSeries, (name) => names.push(name))) {
      const found = days.get(day)
      if (found === undefined) days.set(day, [[series, body]])
      else found.push([series, body])
    }
    if (names.length > 0) leftOut.push({ series, names, newest: rows.at[order[to - 1] ?? 0] ?? 0 })
    from = to
  }
  return { days, leftOut }
}

function rowsOfDays({ rows, count }: Batch, days: ReadonlyMap<number, unknown>): Rows {
  const some = new Rows()
  for (let row = 0; days.size > 0 && row < count; row += 1) {
    if (days.has(dayOf(rows.at[row] ?? 0))) some.take(rows, row, rows.owner[row] ?? 0)
  }
  return some
}
