import type { DeviceFault } from '#contract/vocabulary.ts'
import type { DetectorRun } from './context.ts'
import type { Buckets, DeviceState } from './state.ts'

/** Faults of a device's signals that make it a bad witness. */
const QUARANTINE: readonly DeviceFault[] = ['stuck', 'range', 'unit', 'swapped', 'offset', 'drift']

/** Whether a signal of a device is known to be at fault. */
export function isQuarantined(device: DeviceState, signal: string): boolean {
  if (Object.keys(device.faults).length === 0) return false
  return QUARANTINE.some((fault) => Object.hasOwn(device.faults, `${fault}:${signal}`))
}

/** The quarter hours of a channel that may be believed; undefined: never heard, or quarantined. */
export function soundBuckets(run: DetectorRun, deviceId: string, signal: string): Buckets | undefined {
  const device = Object.hasOwn(run.state.devices, deviceId) ? run.state.devices[deviceId] : undefined
  const buckets = device?.series[signal]?.buckets
  return device === undefined || buckets === undefined || isQuarantined(device, signal) ? undefined : buckets
}
