import type { DatabaseSync } from 'node:sqlite'
import { isDamaged } from '../../../disk/sqlite-errors.ts'
import { rawName, saveRollups, type Layout } from './layout.ts'
import { hasOpenSSTables, compactSlice, planClosing, planCompaction } from './sstables.ts'

const SLICE_MS = 40
const FREE_PAGES_A_SLICE = 500

export interface CompactorParts {
  readonly layout: Layout
  fileOf(day: number): DatabaseSync
  /** Whether all of the day has come, as far as anybody can tell. */
  isOver(day: number, db: DatabaseSync): boolean
  /** Told of each chunk that cannot be read and is left out. */
  damaged(error: unknown): void
  /** How long a day that refused rests before the next try. */
  readonly pauseMs: number
}

/** Merges the tables of days, closes those that are over and gives the disk back what that left empty. */
export class Compactor {
  readonly #parts: CompactorParts
  /** Days that may have something to merge or close. */
  readonly #dirty: Set<number>
  readonly #resting = new Map<number, { readonly until: number; readonly why: unknown }>()

  constructor(parts: CompactorParts, days: Iterable<number>) {
    this.#parts = parts
    this.#dirty = new Set(days)
  }

  add(day: number): void {
    this.#dirty.add(day)
  }

  forget(day: number): void {
    this.#dirty.delete(day)
    this.#resting.delete(day)
  }

  /** Why a day could not be merged. */
  get trouble(): unknown {
    for (const { why } of this.#resting.values()) return why
    return undefined
  }

  /** True when something was done; a day that refuses rests for a while, and the others go on. @throws when a file is damaged */
  step(): boolean {
    for (const day of this.#dirty) {
      if (performance.now() < (this.#resting.get(day)?.until ?? -Infinity)) continue
      try {
        const more = this.#maintain(day)
        this.#resting.delete(day)
        if (more) return true
      } catch (error) {
        if (isDamaged(error)) throw error
        this.#resting.set(day, { until: performance.now() + this.#parts.pauseMs, why: error })
      }
    }
    return false
  }

  /** Closes a day that goes, for what is dropped lives on in its roll-ups; false when it is closed. */
  close(day: number): boolean {
    const db = this.#parts.fileOf(day)
    if (!hasOpenSSTables(db)) return false
    planClosing(db)
    this.#merge(day, db)
    return true
  }

  #maintain(day: number): boolean {
    // An empty file made here would hide the day's roll-ups.
    if (!this.#parts.layout.raw.has(rawName(day))) {
      this.#dirty.delete(day)
      return false
    }
    const db = this.#parts.fileOf(day)
    if (planCompaction(db) || (this.#parts.isOver(day, db) && planClosing(db))) {
      this.#merge(day, db)
      return true
    }
    if (hasOpenSSTables(db)) return false
    if (shrink(db)) return true
    db.exec('pragma wal_checkpoint(truncate)')
    this.#dirty.delete(day)
    return false
  }

  #merge(day: number, db: DatabaseSync): void {
    const { layout, damaged } = this.#parts
    compactSlice(db, SLICE_MS, (whole) => saveRollups(layout, day, whole), damaged)
  }
}

/** A little at a time. */
function shrink(db: DatabaseSync): boolean {
  const free = () => Number(db.prepare('pragma freelist_count').get()?.['freelist_count'])
  if (free() < FREE_PAGES_A_SLICE) return false
  db.exec(`pragma incremental_vacuum(${String(FREE_PAGES_A_SLICE)})`)
  return true
}
