import type { Asset, Network, PlacedDevice } from '../../network/network.ts'
import type { Instant } from '../../instant.ts'
import type { DetectionSettings } from './settings.ts'
import type { Finding } from './finding.ts'
import type { LeakResponses } from './leak-response.ts'
import type { DetectorState, DeviceState } from './state.ts'

/** What the detector looks at besides its state. All of it is a function of the instant asked for. */
export interface DetectionContext {
  readonly network: Network
  readonly settings: DetectionSettings
  /** How pressures answer a leak, from the hydraulics of this network; absent while it is being computed. */
  readonly responses?: LeakResponses | undefined
  /** The crew's check-in that is open on a well at an instant: it explains an open cover (Ex 10). */
  readonly checkInAt?: (assetId: string, at: Instant) => string | undefined
  /** Planned works registered for an asset: a note in the sentence, never a reason to be silent. */
  readonly worksAt?: (assetId: string, at: Instant) => string | undefined
  /** Devices whose silence means nothing: simulated ones while the clock is moved by hand. */
  readonly isMute?: (deviceId: string) => boolean
  /** Told of each value that was taken in before: redelivered, or replayed by somebody (N12). */
  readonly repeated?: () => void
  /** Told which device's state is about to change, so that only these are saved again. */
  readonly touched?: (deviceId: string) => void
  /** The same of a connected network's pressures. */
  readonly zoneTouched?: (zoneId: string) => void
}

/** One pass of `step` or `tick`. */
export interface DetectorRun {
  readonly state: DetectorState
  readonly context: DetectionContext
  readonly findings: Finding[]
}

/** When a sample was taken, by the device's corrected time, and when it arrived. */
export interface When {
  readonly at: Instant
  readonly receivedAt: Instant
}

/** A device in its place. */
export interface Site {
  readonly run: DetectorRun
  readonly device: DeviceState
  readonly placed: PlacedDevice
  readonly asset: Asset
}

/** Undefined for a device that stands nowhere: it can be silent, but it can say nothing of an asset. */
export function siteOf(run: DetectorRun, device: DeviceState): Site | undefined {
  const placed = run.context.network.devices.get(device.id)
  return placed && { run, device, placed, asset: placed.asset }
}
