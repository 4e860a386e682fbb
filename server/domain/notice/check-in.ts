import type { Instant } from '../instant.ts'

/** A crew has opened a well on purpose; an open cover there is explained while it lasts (Ex 10). */
export interface CheckIn {
  readonly id: string
  readonly assetId: string
  readonly reason: string
  readonly personId: string
  readonly personName: string
  readonly since: Instant
  /** Ends by itself then: one that was forgotten must not hide an open cover for ever. */
  readonly until: Instant
  readonly endedAt?: Instant
}

/** The check-in that holds at an asset and an instant: `[since, until)` and not yet ended. */
export function checkInAt(checkIns: Iterable<CheckIn>, assetId: string, at: Instant): CheckIn | undefined {
  for (const one of checkIns) {
    if (one.assetId === assetId && isOpen(one, at)) return one
  }
  return undefined
}

export function isOpen({ since, until, endedAt }: CheckIn, at: Instant): boolean {
  return since <= at && at < until && (endedAt === undefined || at < endedAt)
}
