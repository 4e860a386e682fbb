import type { Instant } from '../instant.ts'

/**
 * A rehearsal against the running server (A45): what the named facilities report meanwhile, and calls that
 * are marked so, is stamped `exercise`. Whatever is not named stays as real as ever.
 */
export interface Drill {
  readonly id: string
  readonly reason: string
  readonly assetIds: readonly string[]
  readonly since: Instant
  /** Ends by itself then: a forgotten drill must not hide an emergency. */
  readonly until: Instant
  readonly endedAt?: Instant
  readonly by: { readonly id: string; readonly name: string }
}

export function isOn({ since, until, endedAt }: Drill, at: Instant): boolean {
  return since <= at && at < until && (endedAt === undefined || at < endedAt)
}

/**
 * Is what a facility reported part of a rehearsal? It has to begin and to be confirmed while that is on: what
 * began before is real, and what was confirmed meanwhile stays a rehearsal however late it is looked at.
 */
export function isRehearsed(
  drills: readonly Drill[],
  reported: { readonly assetId?: string; readonly at: Instant; readonly eventAt: Instant },
): boolean {
  const { assetId, at, eventAt } = reported
  return (
    assetId !== undefined &&
    drills.some((drill) => isOn(drill, at) && drill.since <= eventAt && drill.assetIds.includes(assetId))
  )
}
