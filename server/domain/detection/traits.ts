import { signalDefinition, type AssetKind, type KnownSignal } from '#contract/vocabulary.ts'
import { canStandAt } from '../telemetry/placement.ts'

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
  /** What the signal can be at all, in its unit. */
  readonly min: number
  readonly max: number
}

type Kind = Omit<Trait, 'min' | 'max'>

const PRESSURE: Kind = { sigma: 0.002, moves: true, pressure: true, openCircuit: [0], learnt: true }
const TEMPERATURE: Kind = {
  sigma: 0.4,
  moves: true,
  pressure: false,
  openCircuit: [-39.9, -40, 0],
  learnt: true,
}
const FLOW: Kind = { sigma: 0.5, moves: true, pressure: false, openCircuit: [], learnt: true }
const PLAIN: Kind = { sigma: 0.5, moves: false, pressure: false, openCircuit: [], learnt: false }

/** Of a signal that is not known yet. */
export const UNJUDGED: Trait = { ...PLAIN, min: -Infinity, max: Infinity }

const KINDS: Readonly<Record<KnownSignal, Kind>> = {
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

const BY_SIGNAL: ReadonlyMap<string, Trait> = new Map(
  Object.entries(KINDS).map(([signal, kind]) => {
    const { min = -Infinity, max = Infinity } = signalDefinition(signal) ?? {}
    return [signal, { ...kind, min, max }]
  }),
)

/** Undefined for an extra signal: it is stored and judged by nobody. */
export function traitOf(signal: string): Trait | undefined {
  return BY_SIGNAL.get(signal)
}

const AT_KIND = new Map<AssetKind, ReadonlyMap<string, Trait>>()

/** Those that an asset of this kind can have; all of them for a device that stands nowhere. */
export function traitsAt(kind: AssetKind | undefined): ReadonlyMap<string, Trait> {
  if (kind === undefined) return BY_SIGNAL
  const known = AT_KIND.get(kind)
  if (known !== undefined) return known
  const made = new Map([...BY_SIGNAL].filter(([signal]) => canStandAt(signal, kind)))
  AT_KIND.set(kind, made)
  return made
}
