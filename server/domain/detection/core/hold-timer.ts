import type { Instant } from '../../instant.ts'
import type { HoldTimer } from './state.ts'

/** `between`: not bad enough to hold, not good enough to clear. */
export type Verdict = 'bad' | 'ok' | 'between'

export function createHoldTimer(): HoldTimer {
  return { badSince: 0, badLast: 0, knownAt: 0, okSince: 0, okKnownAt: 0 }
}

/**
 * Takes one sample's verdict in, in any order. The run of bad samples is what lies behind the newest
 * sample that was not bad.
 */
export function observeVerdict(timer: HoldTimer, verdict: Verdict, at: Instant, receivedAt: Instant): void {
  const newest = Math.max(timer.badLast, timer.okSince)
  if (verdict === 'bad') {
    if (timer.badSince === 0) {
      if (at < newest) return
      timer.badSince = at
      timer.badLast = at
      timer.knownAt = receivedAt
      timer.okSince = 0
      return
    }
    if (at > timer.badLast) timer.badLast = at
    else if (at < timer.badSince) timer.badSince = at
    return
  }
  if (timer.badSince !== 0 && at < timer.badLast) {
    // A late good sample inside the run: the run begins behind it.
    if (at >= timer.badSince) timer.badSince = timer.badLast
    return
  }
  timer.badSince = 0
  if (verdict === 'between') {
    timer.okSince = 0
    return
  }
  if (timer.okSince === 0) {
    timer.okSince = at
    timer.okKnownAt = receivedAt
  } else if (at < timer.okSince && at > timer.badLast) timer.okSince = at
}

/**
 * When the run is held long enough: at `now` if its samples' own times prove it, else `holdMs` after its
 * first sample by the server's clock, without any further sample. A time ahead of ours counts as ours.
 */
export function heldAt(
  timer: HoldTimer,
  { holds, bySamples }: { readonly holds: readonly number[]; readonly bySamples?: true },
  step: number,
  now: Instant,
): Instant | undefined {
  const holdMs = holds[step] ?? 0
  if (timer.badSince === 0) return undefined
  if (bySamples === true && timer.badLast - timer.badSince < holdMs) return undefined
  const due = Math.max(timer.knownAt, Math.min(timer.badSince, timer.knownAt) + holdMs)
  return timer.badLast - timer.badSince >= holdMs ? Math.min(due, Math.max(now, timer.knownAt)) : due
}

/** When it has been good for long enough; undefined while it is bad or has never been seen good. */
export function clearAt(timer: HoldTimer, holdMs: number): Instant | undefined {
  if (timer.badSince !== 0 || timer.okSince === 0) return undefined
  return Math.max(timer.okKnownAt, Math.min(timer.okSince, timer.okKnownAt) + holdMs)
}
