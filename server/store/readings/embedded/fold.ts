import type { DatabaseSync } from 'node:sqlite'
import { Rows } from '../../../domain/telemetry/rows.ts'
import { StoreDamaged } from '../../../flows/ports.ts'
import { isDamaged } from '../../sqlite-errors.ts'
import type { Batch, FreshRuns } from './fresh-runs.ts'
import { dayOf } from './layout.ts'
import { encodeByDay, inSeries } from './row-pieces.ts'
import { addRun, type EncodedPiece } from './runs.ts'
import { inTransaction } from './sqlite.ts'

/** Moves what is fresh into its days: of the oldest writes each day gets one run; then they go. */
export class Folding {
  readonly #fresh: FreshRuns
  readonly #fileOf: (day: number) => DatabaseSync
  readonly #pauseMs: number
  #pausedUntil = -Infinity
  /** Days that have their run of the batch that ends with this write, though it is still there. */
  #written = { age: -1, days: new Set<number>() }
  /** Why the last try left something behind. */
  trouble: unknown

  constructor(fresh: FreshRuns, fileOf: (day: number) => DatabaseSync, pauseMs: number) {
    this.#fresh = fresh
    this.#fileOf = fileOf
    this.#pauseMs = pauseMs
  }

  /** True when something was folded; after trouble it rests for a while. @throws when a file is damaged */
  step(folded: (day: number) => void): boolean {
    if (!this.#fresh.isFull() || performance.now() < this.#pausedUntil) return false
    try {
      this.#fold(folded)
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
  begunAnew(day: number): void {
    this.#written.days.delete(day)
  }

  #fold(folded: (day: number) => void): void {
    const batch = this.#fresh.oldest()
    const days = byDay(batch)
    // The days speak of no series whose name a power cut, or a damaged file, could take back.
    this.#fresh.copyNames()
    this.#fresh.secure()
    if (this.#written.age !== batch.age) this.#written = { age: batch.age, days: new Set() }
    const { days: written } = this.#written
    // Stopped before the fresh ones went, the same is folded again, which changes nothing.
    const failed = new Map<number, unknown>()
    for (const [day, pieces] of days) {
      if (written.has(day)) continue
      try {
        const file = this.#fileOf(day)
        inTransaction(file, () => addRun(file, batch.age, 1, pieces))
        written.add(day)
        folded(day)
      } catch (error) {
        failed.set(day, error)
      }
    }
    // What no day has taken stays as it is; else the next try would write to the others again.
    if (failed.size < days.size || days.size === 0) {
      this.#fresh.replace(batch, rowsOfDays(batch, failed))
      written.clear()
    }
    for (const error of failed.values()) throw error
  }
}

/** A run's pieces for each day, ascending by series. */
function byDay({ rows, count }: Batch): Map<number, EncodedPiece[]> {
  const days = new Map<number, EncodedPiece[]>()
  const order = inSeries(rows, 0, count)
  for (let from = 0; from < count;) {
    const series = rows.owner[order[from] ?? 0] ?? 0
    let to = from + 1
    while (to < count && rows.owner[order[to] ?? 0] === series) to += 1
    for (const [day, body] of encodeByDay(rows, order.subarray(from, to))) {
      const found = days.get(day)
      if (found === undefined) days.set(day, [[series, body]])
      else found.push([series, body])
    }
    from = to
  }
  return days
}

function rowsOfDays({ rows, count }: Batch, days: ReadonlyMap<number, unknown>): Rows {
  const some = new Rows()
  for (let row = 0; days.size > 0 && row < count; row += 1) {
    if (days.has(dayOf(rows.at[row] ?? 0))) some.take(rows, row, rows.owner[row] ?? 0)
  }
  return some
}
