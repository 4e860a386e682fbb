import type { DatabaseSync } from 'node:sqlite'
import { DAY } from '../../../domain/instant.ts'
import { StoreDamaged } from '../../../flows/ports.ts'
import { isDamaged } from '../../sqlite-trouble.ts'
import type { Batch, FreshRuns } from './fresh-runs.ts'
import { mergePieces, splitPiece, type Piece } from './piece.ts'
import { addRun, type SeriesPiece } from './runs.ts'
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
      this.#fresh.replace(batch, restOf(days, failed))
      written.clear()
    }
    for (const error of failed.values()) throw error
  }
}

function byDay({ runs }: Batch): Map<number, SeriesPiece[]> {
  const days = new Map<number, SeriesPiece[]>()
  for (const [series, whole] of inOrder(runs.flatMap(({ pieces }) => pieces))) {
    for (const [day, piece] of splitPiece(whole, DAY)) {
      const found = days.get(day)
      if (found === undefined) days.set(day, [[series, piece]])
      else found.push([series, piece])
    }
  }
  return days
}

function restOf(
  days: ReadonlyMap<number, readonly SeriesPiece[]>,
  failed: ReadonlyMap<number, unknown>,
): SeriesPiece[] {
  return inOrder([...days].flatMap(([day, pieces]) => (failed.has(day) ? pieces : [])))
}

/** Each series' pieces as one, ascending by series. */
function inOrder(pieces: readonly SeriesPiece[]): SeriesPiece[] {
  const bySeries = new Map<number, Piece[]>()
  for (const [series, piece] of pieces) {
    const found = bySeries.get(series)
    if (found === undefined) bySeries.set(series, [piece])
    else found.push(piece)
  }
  return [...bySeries]
    .map(([series, parts]): SeriesPiece => [series, mergePieces(parts)])
    .sort(([a], [b]) => a - b)
}
