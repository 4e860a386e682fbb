import { DAY, HOUR, SECOND } from '../../instant.ts'
import type { PlacedDevice } from '../../network/network.ts'
import type { DetectionSettings } from '../settings.ts'

/** How long a device may say nothing: max(3 × interval, 1 h); 26 h for daily heartbeats. */
export function offlineAfterMs(placed: PlacedDevice, settings: DetectionSettings): number {
  const interval = placed.intervalS * SECOND
  if (interval >= DAY / 2) return Math.max(settings.heartbeatS * SECOND, interval + 2 * HOUR)
  return Math.max(settings.offlineIntervals * interval, settings.offlineMinS * SECOND)
}
