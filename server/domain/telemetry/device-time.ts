import { MAX_FUTURE_MS, MAX_SAMPLE_AGE_MS } from '#contract/telemetry.ts'
import { DAY, type Instant } from '../instant.ts'

/** `bad_time`: not a whole number of ms, or seconds, µs, ns by mistake. */
export type TimeVerdict = 'good' | 'future' | 'too_old' | 'bad_time'

const UNITS_BY_MISTAKE = [1000, 1e-3, 1e-6]
const NEAR_NOW_MS = 366 * DAY

/** Judges a device's `ts` [ms] against the server's time of arrival. */
export function judgeTime(ts: unknown, receivedAt: Instant): TimeVerdict {
  if (typeof ts !== 'number' || !Number.isInteger(ts)) return 'bad_time'
  const age = receivedAt - ts
  if (age <= MAX_SAMPLE_AGE_MS && age >= -MAX_FUTURE_MS) return 'good'
  if (UNITS_BY_MISTAKE.some((factor) => Math.abs(ts * factor - receivedAt) < NEAR_NOW_MS)) return 'bad_time'
  if (!Number.isSafeInteger(ts)) return 'bad_time'
  return age > 0 ? 'too_old' : 'future'
}
