import { DAY, HOUR, SECOND } from '../../instant.ts'
import type { PlacedDevice } from '../../network/network.ts'
import type { DetectionSettings } from '../core/settings.ts'

/**
 * From when on its silence is a fault to be mended [ms]. Radio under a metal lid is away for hours and comes
 * back by itself; meanwhile the place is a blind spot.
 */
export function faultAfterMs(placed: PlacedDevice, settings: DetectionSettings): number {
  const offline = offlineAfterMs(placed, settings)
  if (placed.power !== 'battery') return offline
  // One report that radio has lost is none.
  return Math.max(offline, settings.offlineBatteryS * SECOND, 2 * placed.intervalS * SECOND + 2 * HOUR)
}

/** How long a device may say nothing: max(3 × interval, 1 h); 26 h for daily heartbeats. */
export function offlineAfterMs(placed: PlacedDevice, settings: DetectionSettings): number {
  const interval = placed.intervalS * SECOND
  if (interval >= DAY / 2) return Math.max(settings.heartbeatS * SECOND, interval + 2 * HOUR)
  return Math.max(settings.offlineIntervals * interval, settings.offlineMinS * SECOND)
}
