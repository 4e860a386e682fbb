import { enter } from './core/agenda.ts'
import { createMakeupState } from './core/makeup-state.ts'
import type { DetectorState, DeviceState, SeveritySteps } from './core/state.ts'
import type { ZoneState } from './core/zone-state.ts'

/**
 * The state in parts, so that only devices and zones that changed are saved again. The agenda is not
 * saved: each device knows its own due instant.
 */
export type CommonPart = Omit<DetectorState, 'devices' | 'agenda' | 'zones'>

export function commonPart(state: DetectorState): CommonPart {
  const { version, now, listeningSince, gathering, outages, leaks, zonesDue, isolated } = state
  const common = { version, now, listeningSince, outages, leaks, zonesDue, isolated }
  return gathering === undefined ? common : { ...common, gathering }
}

/**
 * Puts a state together again from its parts, those of older versions translated. One of the first version
 * lacks the pressures of its networks, which are learnt anew; undefined: it is of a version that is not
 * known here.
 */
export function assemble(
  saved: CommonPart,
  devices: readonly SavedDevice[],
  zones: readonly ZoneState[],
): DetectorState | undefined {
  const common = upgraded(saved)
  if (common === undefined) return undefined
  const state: DetectorState = { ...common, devices: {}, zones: {}, agenda: [] }
  for (const zone of zones) state.zones[zone.id] = zone
  for (const device of devices.map(upgradedDevice)) {
    state.devices[device.id] = device
    if (device.due > 0) enter(state.agenda, { at: device.due, id: device.id })
  }
  return state
}

/** The limit that the first version had. */
const MAKEUP_UNKNOWN = { least: 12, perSeason: 1 }

function upgraded(saved: CommonPart): CommonPart | undefined {
  const version: number = saved.version
  if (version === 3) return saved
  if (version === 2) return { ...saved, version: 3 }
  if (version !== 1) return undefined
  const leaks = Object.entries(saved.leaks).map(
    ([id, watch]) => [id, { ...createMakeupState(watch.anchor, MAKEUP_UNKNOWN), past: watch.past }] as const,
  )
  return { ...saved, version: 3, leaks: Object.fromEntries(leaks), zonesDue: 0 }
}

/** A device as saved: until version 2 each rule had a field of its own. */
export type SavedDevice = Omit<DeviceState, 'rules'> & { readonly rules?: DeviceState['rules'] } & {
  readonly [Rule in 'cover' | 'chamber' | 'station']?: SeveritySteps
}

/** Told by its shape, not by the version: a checkpoint only writes the devices that have changed since. */
function upgradedDevice(saved: SavedDevice): DeviceState {
  const { cover, chamber, station, rules, ...device } = saved
  if (rules !== undefined) return { ...device, rules }
  const old = Object.entries({ cover, chamber, station })
  return {
    ...device,
    rules: Object.fromEntries(old.flatMap(([name, steps]) => (steps ? [[name, steps]] : []))),
  }
}
