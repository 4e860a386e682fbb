import type { Cursor } from '../../flows/ports.ts'
import type { Attempt, Caution } from '../../flows/readings/attempt.ts'

/** A batch may be unlucky once: memory was short, or another part of the thread failed. */
const DEATHS_OF_A_BATCH = 2
/** Where none of so many messages on end can be stored it is hardly the messages: no more are set aside in haste. */
const MAX_IN_A_ROW = 8

export interface Bisection {
  /** How the next thread goes on; undefined: as ever. */
  caution(): Caution | undefined
  /** The thread died of this batch, if it has any records. Whether the next one may begin at once: it will learn more. */
  died(batch: Readonly<Attempt>): boolean
  /** Nothing before it is read again; whether the thread has stored anything yet. */
  reached(savedCursor: Cursor, hasStored: boolean): void
}

/**
 * Finds the messages that kill whoever stores them. A batch of which the thread has died twice is tried in
 * halves, and a half of which it dies in halves again, until the message stands alone and is skipped.
 */
export function createBisection(): Bisection {
  let last = { from: -1, deaths: 0 }
  let range: { until: Cursor; records: number } | undefined
  let skip: Cursor[] = []
  let inARow = 0

  return {
    caution: () => range && { ...range, skip },
    died({ from, next, records }) {
      if (records === 0) return false
      const isSuspect = range !== undefined && from < range.until
      last = { from, deaths: last.from === from ? last.deaths + 1 : 1 }
      if (!isSuspect && last.deaths < DEATHS_OF_A_BATCH) return false
      range = { until: Math.max(range?.until ?? 0, next), records: Math.ceil(records / 2) }
      if (records > 1) return true
      // It was left out already, so that something else is deadly.
      if (skip.includes(from)) return false
      skip.push(from)
      inARow += 1
      return inARow <= MAX_IN_A_ROW
    },
    reached(savedCursor, hasStored) {
      if (hasStored) inARow = 0
      skip = skip.filter((cursor) => cursor >= savedCursor)
      if (range !== undefined && savedCursor >= range.until) range = undefined
    },
  }
}
