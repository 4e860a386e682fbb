import type { Cursor } from '../ports.ts'

/**
 * The batch under way, written where it is seen even after the thread has died of it. No records: whatever
 * happens is not for a batch.
 */
export interface Attempt {
  from: Cursor
  next: Cursor
  records: number
}

/** How to go on after a batch has killed the thread again and again. */
export interface Caution {
  /** Records that are set aside unread. */
  readonly skip: readonly Cursor[]
  /** Up to here batches have at most so many records, at first. */
  readonly until: Cursor
  readonly records: number
}
