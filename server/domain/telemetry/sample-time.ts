import { MAX_FUTURE_MS } from '#contract/telemetry.ts'
import type { Instant } from '../instant.ts'
import { observeClock, type DeviceClock } from './device-clock.ts'
import type { DeviceMessage, Reading, Sample, TimeCorrection } from './reading.ts'

/** When a sample happened, and what was done to the device's own time. */
export interface SampleTime {
  readonly at: Instant
  readonly deviceTime?: Instant
  readonly corrected?: TimeCorrection
}

/**
 * Samples of one message → readings with corrected times, and what the message taught about the
 * device's clock. A known skew is taken off first, so that a batch of a clock ahead keeps its order;
 * what still lies more than 5 min ahead gets the server's time.
 */
export function readingsOf(
  message: Pick<DeviceMessage, 'deviceId' | 'receivedAt'>,
  samples: readonly Sample[],
  clock: DeviceClock,
): { readonly readings: readonly Reading[]; readonly clock: DeviceClock } {
  const { deviceId, receivedAt } = message
  const learned = learnClock(clock, samples, receivedAt)
  const readings: Reading[] = []
  for (const sample of samples) {
    const time = sampleTime(sample, learned, receivedAt)
    for (const [signal, value] of Object.entries(sample.values)) {
      readings.push({ deviceId, signal, receivedAt, value, ...time })
    }
  }
  return { readings, clock: learned }
}

/** The clock after one more message; unchanged where the message carried no time. */
export function learnClock(clock: DeviceClock, samples: readonly Sample[], receivedAt: Instant): DeviceClock {
  let newest = -Infinity
  for (const { ts } of samples) if (ts !== undefined && ts > newest) newest = ts
  return newest === -Infinity ? clock : observeClock(clock, receivedAt, newest)
}

/** Never after the arrival by more than a clock's ordinary error. */
export function sampleTime(sample: Sample, clock: DeviceClock, receivedAt: Instant): SampleTime {
  const { ts } = sample
  if (ts === undefined) {
    return sample.timeUnusable ? { at: receivedAt, corrected: 'unusable' } : { at: receivedAt }
  }
  const at = correctedTime(ts, clock, receivedAt)
  if (at !== ts + clock.skewMs) return { at, deviceTime: ts, corrected: 'future' }
  return clock.skewMs === 0 ? { at } : { at, deviceTime: ts, corrected: 'skew' }
}

/** A device's time [ms] without the clock's skew, or that of the arrival where it would lie in the future. */
export function correctedTime(ts: Instant, clock: DeviceClock, receivedAt: Instant): Instant {
  const at = ts + clock.skewMs
  return at - receivedAt > MAX_FUTURE_MS ? receivedAt : at
}
