import type { StationProperties } from '#contract/network.ts'
import { between, normal, smoothNoise } from '../seeded-random.ts'
import { DAY, HOUR, hourOfDay } from '../time.ts'
import type { HeatPlant } from './heat-plant.ts'

/** A station's control valve is set anew every few days. */
const SETTING_EVERY = 5 * DAY
const FIXED_SHARE = 0.68

/** Flow that each station takes, t/h, as a function of the instant. */
export function createDemand(order: {
  readonly seed: number
  readonly plant: HeatPlant
  readonly stations: readonly StationProperties[]
  /** How far true flows may be off the nominal ones of the file. */
  readonly mismatch: number
}): (at: number) => ReadonlyMap<string, number> {
  const { seed, plant, mismatch } = order
  const known = order.stations.map(({ id, nominalFlowTh = 0 }) => ({
    id,
    baseTh: nominalFlowTh * (1 + between(seed, [-mismatch, mismatch], 'true flow', id)),
    phaseH: between(seed, [-1.5, 1.5], 'phase', id),
    daily: between(seed, [0.005, 0.03], 'daily', id),
    shift: between(seed, [0, SETTING_EVERY], 'valve shift', id),
  }))
  return (at) => {
    const common = FIXED_SHARE + (1 - FIXED_SHARE) * plant.load(at)
    const hour = hourOfDay(at)
    return new Map(
      known.map(({ id, baseTh, phaseH, daily, shift }) => {
        const course = daily * Math.cos((2 * Math.PI * (hour - 7 - phaseH)) / 12)
        const valve = 0.03 * normal(seed, `valve ${id}`, Math.floor((at + shift) / SETTING_EVERY))
        const own =
          0.015 * smoothNoise(seed, `slow ${id}`, at, 9 * HOUR) +
          0.006 * smoothNoise(seed, `fast ${id}`, at, HOUR)
        return [id, Math.max(0, baseTh * common * (1 + course + valve + own))]
      }),
    )
  }
}
