import { refuse } from '#contract/problem.ts'
import type { Refusal } from '#contract/problem.ts'
import type { Scene } from './scenario.ts'

/** Signals that move in normal operation, so that a dead one can be told; the first that is there counts. */
const MOVING = ['primary_supply_mpa', 'pressure_mpa', 'secondary_supply_mpa', 'chamber_c', 'cover_tilt_deg']

/** The device and signal that a sensor's fault concerns. */
export function sensorAt({ asset, deviceId }: Scene): { deviceId: string; signal: string } | Refusal {
  const devices = (asset.devices ?? []).filter(({ id }) => deviceId === undefined || id === deviceId)
  for (const signal of MOVING) {
    const device = devices.find(({ signals }) => signals.includes(signal))
    if (device !== undefined) return { deviceId: device.id, signal }
  }
  const names = MOVING.join(', ')
  return refuse('bad-value', {
    zh: `${asset.id} 没有测量 ${names} 之一的设备`,
    en: `no device at ${asset.id} measures any of ${names}`,
  })
}
