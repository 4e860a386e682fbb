import { enter } from './agenda.ts'
import type { DetectorState, DeviceState } from './state.ts'

/**
 * The state in parts, so that only devices that changed are saved again. The agenda is not saved: each
 * device knows its own due instant.
 */
export type CommonPart = Omit<DetectorState, 'devices' | 'agenda'>

export function commonPart(state: DetectorState): CommonPart {
  const { version, now, listeningSince, gathering, outages, leaks, isolated } = state
  const common = { version, now, listeningSince, outages, leaks, isolated }
  return gathering === undefined ? common : { ...common, gathering }
}

/** Puts a state together again from its parts. */
export function assemble(common: CommonPart, devices: readonly DeviceState[]): DetectorState {
  const state: DetectorState = { ...common, devices: {}, agenda: [] }
  for (const device of devices) {
    state.devices[device.id] = device
    if (device.due > 0) enter(state.agenda, { at: device.due, id: device.id })
  }
  return state
}
