import { enter } from './agenda.ts'
import { createLeakWatch } from './leak-state.ts'
import type { DetectorState, DeviceState } from './state.ts'
import type { ZoneWatch } from './spatial/zone-state.ts'

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
 * Puts a state together again from its parts. One of the first version lacks the pressures of its
 * networks, which are learnt anew; undefined: it is of a version that is not known here.
 */
export function assemble(
  saved: CommonPart,
  devices: readonly DeviceState[],
  zones: readonly ZoneWatch[],
): DetectorState | undefined {
  const common = upgraded(saved)
  if (common === undefined) return undefined
  const state: DetectorState = { ...common, devices: {}, zones: {}, agenda: [] }
  for (const zone of zones) state.zones[zone.id] = zone
  for (const device of devices) {
    state.devices[device.id] = device
    if (device.due > 0) enter(state.agenda, { at: device.due, id: device.id })
  }
  return state
}

/** The limit that the first version had. */
const MAKEUP_UNKNOWN = { least: 12, perSeason: 1 }

function upgraded(saved: CommonPart): CommonPart | undefined {
  const version: number = saved.version
  if (version === 2) return saved
  if (version !== 1) return undefined
  const leaks = Object.entries(saved.leaks).map(
    ([id, watch]) => [id, { ...createLeakWatch(watch.anchor, MAKEUP_UNKNOWN), past: watch.past }] as const,
  )
  return { ...saved, version: 2, leaks: Object.fromEntries(leaks), zonesDue: 0 }
}
