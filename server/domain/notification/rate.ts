import { MINUTE, type Instant } from '../instant.ts'

/** At most `burst` at once and `perMinute` in the long run: never more than their sum in any minute. */
export interface Rate {
  readonly burst: number
  readonly perMinute: number
}

/** A token bucket as one number that survives a restart: the instant at which it will be full again. */
export type FullAt = Instant

/** How many messages may go out at `at`. A clock that was set back cannot empty it below empty. */
export function tokensAt(fullAt: FullAt, rate: Rate, at: Instant): number {
  const missing = Math.ceil(Math.max(0, fullAt - at) / intervalOf(rate))
  return Math.max(0, rate.burst - missing)
}

/** The bucket after one message at `at`. */
export function takeOne(fullAt: FullAt, rate: Rate, at: Instant): FullAt {
  const interval = intervalOf(rate)
  return Math.min(Math.max(fullAt, at) + interval, at + rate.burst * interval)
}

/** The first instant, not before `at`, at which a message may go out. */
export function readyAt(fullAt: FullAt, rate: Rate, at: Instant): Instant {
  if (tokensAt(fullAt, rate, at) > 0) return at
  const interval = intervalOf(rate)
  return Math.min(fullAt - (rate.burst - 1) * interval, at + interval)
}

function intervalOf({ perMinute }: Rate): number {
  return Math.ceil(MINUTE / perMinute)
}
