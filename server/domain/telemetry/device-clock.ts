import { HOUR, MINUTE, SECOND, type Instant } from '../instant.ts'

/** The smallest received − device time [ms] seen within one minute of arrivals. */
interface MinuteOffset {
  readonly minute: number
  readonly offsetMs: number
}

/** What is known of one device's clock. Plain JSON: consumers save it with their cursor. */
export interface DeviceClock {
  /** Newest last; at most `MINUTES_KEPT`. */
  readonly recent: readonly MinuteOffset[]
  /** Steady offset to add to the device's times [ms]; 0 while the clock is right or not yet known. */
  readonly skewMs: number
}

export const UNKNOWN_CLOCK: DeviceClock = { recent: [], skewMs: 0 }

const MINUTES_KEPT = 12
/** Offsets below this are transmission, not skew. */
const SKEW_FROM_MS = 120 * SECOND
const STEADY_WITHIN_MS = 120 * SECOND
/** Nothing arrives before it was measured, so a clock ahead shows at once; 8 h exactly is a time zone. */
const MINUTES_FOR_CERTAIN = 4
const MINUTES_FOR_BEHIND = 8
const MINUTES_FOR_RIGHT = 2
const ZONE_MS = 8 * HOUR
/** A settled skew stays as it is within this, so that a redelivered sample gets the same time again. */
const SETTLED_WITHIN_MS = 60 * SECOND

/**
 * Learns from one message: its arrival and the newest device time in it. Skew is the running minimum
 * of received − device time, once enough minutes agree with it. Draining a backlog is not skew: its
 * offsets shrink from message to message and never agree.
 */
export function observeClock(clock: DeviceClock, receivedAt: Instant, newestTs: Instant): DeviceClock {
  const minute = Math.floor(receivedAt / MINUTE)
  const offsetMs = receivedAt - newestTs
  const last = clock.recent.at(-1)
  if (last !== undefined && minute <= last.minute && offsetMs >= last.offsetMs) return clock
  const recent =
    last !== undefined && minute <= last.minute
      ? [...clock.recent.slice(0, -1), { minute: last.minute, offsetMs }]
      : [...clock.recent, { minute, offsetMs }].slice(-MINUTES_KEPT)
  const skewMs = estimateSkew(recent)
  if (skewMs === undefined) return { recent, skewMs: clock.skewMs }
  const settled = skewMs !== 0 && Math.abs(skewMs - clock.skewMs) <= SETTLED_WITHIN_MS
  return { recent, skewMs: settled ? clock.skewMs : skewMs }
}

/** Undefined: these minutes do not decide it. */
function estimateSkew(recent: readonly MinuteOffset[]): number | undefined {
  let least = Infinity
  let right = 0
  for (const { offsetMs } of recent) {
    if (offsetMs < least) least = offsetMs
    right = Math.abs(offsetMs) <= SKEW_FROM_MS ? right + 1 : 0
  }
  if (right >= MINUTES_FOR_RIGHT) return 0
  let agreeing = 0
  for (const { offsetMs } of recent) if (offsetMs - least <= STEADY_WITHIN_MS) agreeing += 1
  if (Math.abs(least) <= SKEW_FROM_MS) return agreeing >= MINUTES_FOR_CERTAIN ? 0 : undefined
  const zone = Math.abs(Math.abs(least) - ZONE_MS) <= SKEW_FROM_MS
  const needed = least < 0 || zone ? MINUTES_FOR_CERTAIN : MINUTES_FOR_BEHIND
  if (agreeing < needed) return undefined
  return zone ? Math.sign(least) * ZONE_MS : least
}
