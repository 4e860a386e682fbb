import type { KnownSignal } from '#contract/vocabulary.ts'

/** How a signal behaves, as far as its quality can be judged by it. */
export interface Trait {
  /** Smallest standard deviation worth the name, in the signal's unit. */
  readonly sigma: number
  /** An analogue value that does move: equal values in a row may mean that it is stuck. */
  readonly moves: boolean
  readonly pressure: boolean
  /** Values that a broken wire gives, besides the ends of the range. */
  readonly openCircuit: readonly number[]
  /** A baseline is kept of it. */
  readonly learnt: boolean
  /** End of the range at which a wet sensor stays: equal values there beside dry neighbours are a fault. */
  readonly pinnedAt?: number
  /** What is back within so long was no spike but a vehicle on the cover [ms]. */
  readonly passingMs?: number
}

const PRESSURE: Trait = { sigma: 0.002, moves: true, pressure: true, openCircuit: [0], learnt: true }
const TEMPERATURE: Trait = {
  sigma: 0.4,
  moves: true,
  pressure: false,
  openCircuit: [-39.9, -40, 0],
  learnt: true,
}
const FLOW: Trait = { sigma: 0.5, moves: true, pressure: false, openCircuit: [], learnt: true }
const PLAIN: Trait = { sigma: 0.5, moves: false, pressure: false, openCircuit: [], learnt: false }

export const TRAITS: Readonly<Record<KnownSignal, Trait>> = {
  pressure_mpa: PRESSURE,
  temperature_c: TEMPERATURE,
  chamber_c: TEMPERATURE,
  humidity_pct: { ...PLAIN, sigma: 2, learnt: true, pinnedAt: 100 },
  water_level_m: { ...PLAIN, sigma: 0.02, learnt: true },
  cover_tilt_deg: { ...PLAIN, sigma: 1, passingMs: 2000 },
  cover_open: PLAIN,
  shock_g: { ...PLAIN, passingMs: Infinity },
  primary_supply_mpa: PRESSURE,
  primary_return_mpa: PRESSURE,
  primary_supply_c: TEMPERATURE,
  primary_return_c: TEMPERATURE,
  primary_flow_t_h: FLOW,
  secondary_supply_mpa: PRESSURE,
  secondary_return_mpa: PRESSURE,
  secondary_supply_c: TEMPERATURE,
  secondary_return_c: TEMPERATURE,
  makeup_flow_t_h: { ...FLOW, moves: false },
  outdoor_c: { ...PLAIN, sigma: 0.5 },
  battery_v: { ...PLAIN, sigma: 0.05 },
  rssi_dbm: { ...PLAIN, sigma: 5 },
}

const BY_SIGNAL: ReadonlyMap<string, Trait> = new Map(Object.entries(TRAITS))

/** Undefined for an extra signal: it is stored and judged by nobody. */
export function traitOf(signal: string): Trait | undefined {
  return BY_SIGNAL.get(signal)
}
