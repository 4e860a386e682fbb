import type { Instant } from '../instant.ts'
import type { Watch } from './state.ts'

/** `between`: not bad enough to hold, not good enough to clear. */
export type Verdict = 'bad' | 'ok' | 'between'

export function createWatch(): Watch {
  return { badSince: 0, badLast: 0, knownAt: 0, okSince: 0, okKnownAt: 0 }
}

/**
 * Takes one sample's verdict in, in any order. The run of bad samples is what lies behind the newest
 * sample that was not bad.
 */
export function judge(watch: Watch, verdict: Verdict, at: Instant, receivedAt: Instant): void {
  const newest = Math.max(watch.badLast, watch.okSince)
  if (verdict === 'bad') {
    if (watch.badSince === 0) {
      if (at < newest) return
      watch.badSince = at
      watch.badLast = at
      watch.knownAt = receivedAt
      watch.okSince = 0
      return
    }
    if (at > watch.badLast) watch.badLast = at
    else if (at < watch.badSince) watch.badSince = at
    return
  }
  if (watch.badSince !== 0 && at < watch.badLast) {
    // A late good sample inside the run: the run begins behind it.
    if (at >= watch.badSince) watch.badSince = watch.badLast
    return
  }
  watch.badSince = 0
  if (verdict === 'between') {
    watch.okSince = 0
    return
  }
  if (watch.okSince === 0) {
    watch.okSince = at
    watch.okKnownAt = receivedAt
  } else if (at < watch.okSince && at > watch.badLast) watch.okSince = at
}

/**
 * When the run is held long enough: at `now` if its samples' own times prove it, else `holdMs` after its
 * first sample by the server's clock, without any further sample. A time ahead of ours counts as ours.
 */
export function heldAt(watch: Watch, holdMs: number, now: Instant): Instant | undefined {
  if (watch.badSince === 0) return undefined
  const due = Math.max(watch.knownAt, Math.min(watch.badSince, watch.knownAt) + holdMs)
  return watch.badLast - watch.badSince >= holdMs ? Math.min(due, Math.max(now, watch.knownAt)) : due
}

/** When it has been good for long enough; undefined while it is bad or has never been seen good. */
export function clearAt(watch: Watch, holdMs: number): Instant | undefined {
  if (watch.badSince !== 0 || watch.okSince === 0) return undefined
  return Math.max(watch.okKnownAt, Math.min(watch.okSince, watch.okKnownAt) + holdMs)
}
