import type { KnownSignal } from '#contract/vocabulary.ts'
import { signalDefinition } from '#contract/vocabulary.ts'
import { gauss } from '../chance.ts'

/** Noise (one standard deviation) and resolution of each kind of sensor, in the signal's unit. */
const SENSORS: Partial<Record<KnownSignal, readonly [noise: number, step: number]>> = {
  pressure_mpa: [0.0008, 0.0004],
  temperature_c: [0.15, 0.1],
  chamber_c: [0.2, 0.1],
  humidity_pct: [0.6, 0.1],
  water_level_m: [0.002, 0.001],
  cover_tilt_deg: [0.15, 0.1],
  shock_g: [0.01, 0.01],
  primary_supply_mpa: [0.0008, 0.0004],
  primary_return_mpa: [0.0008, 0.0004],
  primary_supply_c: [0.15, 0.1],
  primary_return_c: [0.15, 0.1],
  primary_flow_t_h: [0.15, 0.1],
  secondary_supply_mpa: [0.0008, 0.0004],
  secondary_return_mpa: [0.0008, 0.0004],
  secondary_supply_c: [0.15, 0.1],
  secondary_return_c: [0.15, 0.1],
  makeup_flow_t_h: [0.01, 0.01],
  outdoor_c: [0.08, 0.1],
  battery_v: [0.004, 0.001],
  rssi_dbm: [2, 1],
}

/** What a sensor shows of a true value: noise, resolution, the signal's physical range. */
export function measured(
  truth: number,
  sensor: { readonly seed: number; readonly deviceId: string; readonly signal: string; readonly at: number },
): number {
  const known = SENSORS[sensor.signal as KnownSignal]
  if (known === undefined) return truth
  const [noise, step] = known
  const noisy = truth + noise * gauss(sensor.seed, sensor.deviceId, sensor.signal, sensor.at)
  const { min = -Infinity, max = Infinity } = signalDefinition(sensor.signal) ?? {}
  const limited = Math.min(max, Math.max(min, noisy))
  return Number((Math.round(limited / step) * step).toFixed(4))
}
