import type { DeviceProperties, NetworkFile, PointFeature } from '#contract/network.ts'
import type { Instant } from '../instant.ts'
import { isPoint, type NetworkFeature } from './features.ts'

/** A device that people entered, changed or retired themselves: the next network file does not undo that. */
export interface ListedDevice {
  readonly id: string
  /** Where it stands, or stood when it was retired. */
  readonly assetId: string
  readonly retired?: { readonly at: Instant; readonly device: DeviceProperties }
}

/** The network as it is kept: its features, and which devices the list of devices has the say on. */
export interface StandingFile extends NetworkFile {
  readonly listed?: readonly ListedDevice[]
}

/** Each device of the features with the point that it stands at. */
export function devicesIn(
  features: readonly NetworkFeature[],
): ReadonlyMap<string, { readonly assetId: string; readonly device: DeviceProperties }> {
  const found = new Map<string, { assetId: string; device: DeviceProperties }>()
  for (const feature of features) {
    if (!isPoint(feature)) continue
    const { id: assetId, devices = [] } = feature.properties
    for (const device of devices) found.set(device.id, { assetId, device })
  }
  return found
}

/** A point with these devices; without any it has no such property, as a file would write it. */
export function withDevices(feature: PointFeature, devices: readonly DeviceProperties[]): PointFeature {
  const properties: PointFeature['properties'] = { ...feature.properties, devices: [...devices] }
  if (devices.length === 0) delete properties.devices
  return { ...feature, properties }
}
