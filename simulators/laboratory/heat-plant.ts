import { between, normal, smoothNoise } from '../seeded-random.ts'
import { outdoorC } from '../physics/weather.ts'
import { DAY, HOUR, MINUTE } from '../time.ts'
import type { Dated } from './event-period.ts'
import { isOn, ofKind } from './event-period.ts'

/** The plant and the weather over a season. All are functions of the instant. */
export interface HeatPlant {
  outdoorC(at: number): number
  /** Heat that the town asks for, 1 at design weather. */
  load(at: number): number
  supplyC(at: number): number
  returnC(at: number): number
  /** Volume-weighted mean of the water in the pipes, and how fast it falls, K/h. */
  meanC(at: number): number
  coolingKh(at: number): number
  /** Relative speed of the circulation pumps, trips left out. */
  pumpSpeed(at: number): number
  /** Share of the speed that is left while a pump has tripped. */
  tripShare(at: number): number
  /** Off the holding pressure of the file, MPa. */
  holdingShiftMpa(at: number): number
  /** Water drawn to fill parts of the network, t/h. */
  fillingTh(at: number): number
}

const STEP = 15 * MINUTE
const LEAD = 2 * DAY
/** Operators set a new supply temperature every so often, and the boilers take an hour for it. */
const SETTING_EVERY = 6 * HOUR
const RAMP = HOUR
/** How long water is under way in supply and return pipes. */
const SUPPLY_LAG = 1.2 * HOUR
const RETURN_LAG = 0.8 * HOUR
const SPEED_EVERY = 40 * HOUR
const SPEED_SIGMA = 0.008

/** The weather and what operators make of it, laid down on a grid of quarter hours. */
export function createHeatPlant(order: {
  readonly seed: number
  readonly from: number
  readonly to: number
  readonly events: readonly Dated[]
}): HeatPlant {
  const { seed, from, to } = order
  const start = from - LEAD
  const count = Math.ceil((to + HOUR - start) / STEP) + 2
  const grid = (value: (at: number, i: number) => number) => {
    const column = new Float64Array(count)
    for (let i = 0; i < count; i += 1) column[i] = value(start + i * STEP, i)
    return column
  }
  const read = (column: Float64Array, at: number): number => {
    const place = Math.min(count - 1.001, Math.max(0, (at - start) / STEP))
    const low = Math.floor(place)
    const [a, b] = [column[low] ?? 0, column[low + 1] ?? 0]
    return a + (b - a) * (place - low)
  }
  const moves = ofKind(order.events, 'set-point', 'transient', 'pump-trip', 'filling')
  const sum = (kind: (typeof moves)[number]['kind'], at: number) =>
    moves.reduce((total, event) => total + (event.kind === kind && isOn(event, at) ? event.size : 0), 0)

  const outdoor = grid(
    (at) =>
      outdoorC(seed, at) + 2.5 * smoothNoise(seed, 'front', at, 50 * HOUR) + normal(seed, 'air', at) * 0.1,
  )
  const felt = lagged(outdoor, 3 * HOUR)
  const load = grid((_, i) => Math.max(0.25, Math.min(1.15, (18 - (felt[i] ?? 0)) / 43)))
  const supply = grid((at) => {
    const [before, after] = [settingAt(at - SETTING_EVERY), settingAt(at)]
    const ramp = Math.min(1, (((at % SETTING_EVERY) + SETTING_EVERY) % SETTING_EVERY) / RAMP)
    return before + (after - before) * ramp
  })
  function settingAt(at: number): number {
    const turn = Math.floor(at / SETTING_EVERY)
    const wanted = 92 + 36 * read(load, turn * SETTING_EVERY)
    return Math.round(wanted + normal(seed, 'setting', turn) * 0.8)
  }
  // The boilers' control swings a little; a transient is a fall or rise that takes a quarter of an hour.
  for (let i = 0; i < count; i += 1) {
    const at = start + i * STEP
    supply[i] = (supply[i] ?? 0) + 0.4 * smoothNoise(seed, 'boiler', at, HOUR) + sum('transient', at)
  }
  const back = lagged(
    grid((at, i) => 44 + 20 * (load[i] ?? 0) + 0.3 * smoothNoise(seed, 'return', at, 2 * HOUR)),
    3 * HOUR,
  )
  const inSupply = lagged(supply, SUPPLY_LAG)
  const inReturn = lagged(back, RETURN_LAG)
  const mean = grid((_, i) => ((inSupply[i] ?? 0) + (inReturn[i] ?? 0)) / 2)
  const speed = grid((at, i) => 0.955 + 0.05 * (load[i] ?? 0) + speedStep(at) + sum('set-point', at))
  function speedStep(at: number): number {
    const turn = Math.floor(at / SPEED_EVERY)
    const shift = between(seed, [0, 1], 'speed shift', turn) * SPEED_EVERY
    return SPEED_SIGMA * normal(seed, 'speed', at % SPEED_EVERY < shift ? turn - 1 : turn)
  }

  return {
    outdoorC: (at) => read(outdoor, at),
    load: (at) => read(load, at),
    supplyC: (at) => read(supply, at),
    returnC: (at) => read(back, at),
    meanC: (at) => read(mean, at),
    coolingKh: (at) => read(mean, at - HOUR / 4) * 2 - read(mean, at + HOUR / 4) * 2,
    pumpSpeed: (at) => read(speed, at),
    tripShare: (at) => Math.max(0.4, 1 + sum('pump-trip', at)),
    holdingShiftMpa: (at) =>
      0.002 * smoothNoise(seed, 'holding', at, 8 * HOUR) +
      0.0008 * smoothNoise(seed, 'holding fast', at, 20 * MINUTE),
    fillingTh: (at) => sum('filling', at),
  }
}

/** First-order lag of a column on the grid of quarter hours. */
function lagged(column: Float64Array, lagMs: number): Float64Array {
  const share = 1 - Math.exp(-STEP / lagMs)
  let value = column[0] ?? 0
  return column.map((next) => (value += (next - value) * share))
}
