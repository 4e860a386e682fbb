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

/** Is this facility rehearsed at that instant? */
export function isRehearsed(drills: readonly Drill[], assetId: string | undefined, at: Instant): boolean {
  return assetId !== undefined && drills.some((drill) => isOn(drill, at) && drill.assetIds.includes(assetId))
}
