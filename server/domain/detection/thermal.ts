import type { Instant } from '../instant.ts'
import { behindSources, type Sensor } from './behind-source.ts'
import type { Run } from './run.ts'
import { BUCKET_MS, meanOf } from './series.ts'

/** |dρ/dT| of water [kg/m³K] at [°C], between which it is linear (detection.md §1). */
const EXPANSION = [
  [70, 0.58],
  [95, 0.7],
  [120, 0.78],
] as const

/** What the cooling of the network's water alone makes the make-up draw. */
export interface Contraction {
  /** t/h; negative while the water expands. */
  readonly flowTh: number
  readonly coolingKh: number
  readonly volumeM3: number
}

/**
 * V·|dρ/dT|·(−dT̄/dt) over the hour before `at`, T̄ the mean of supply and return
 * (detection.md §1). Undefined: no volume, or no temperatures of both ends of the hour.
 */
export function contractionOf(run: Run, sourceId: string, at: Instant): Contraction | undefined {
  const behind = behindSources(run.context.network).get(sourceId)
  if (behind?.volumeM3 === undefined) return undefined
  const supply = changeOf(run, behind.supplyTemperatures, at)
  const back = changeOf(run, behind.returnTemperatures, at)
  const sides = [supply, back].filter((side) => side !== undefined)
  if (sides.length === 0) return undefined
  const level = sides.reduce((sum, side) => sum + side.level, 0) / sides.length
  const coolingKh = -sides.reduce((sum, side) => sum + side.changeKh, 0) / sides.length
  const flowTh = (behind.volumeM3 * expansionAt(level) * coolingKh) / 1000
  return { flowTh, coolingKh, volumeM3: behind.volumeM3 }
}

/** Mean change over the hour of the sensors that spoke at both its ends. */
function changeOf(
  run: Run,
  sensors: readonly Sensor[],
  at: Instant,
): { readonly level: number; readonly changeKh: number } | undefined {
  const last = Math.floor(at / BUCKET_MS) - 1
  let level = 0
  let change = 0
  let count = 0
  for (const { deviceId, signal } of sensors) {
    const device = Object.hasOwn(run.state.devices, deviceId) ? run.state.devices[deviceId] : undefined
    const buckets = device?.series[signal]?.buckets
    if (buckets === undefined) continue
    const now = meanOf(buckets, last)
    const before = meanOf(buckets, last - 4)
    if (now === undefined || before === undefined) continue
    level += now
    change += now - before
    count += 1
  }
  return count === 0 ? undefined : { level: level / count, changeKh: change / count }
}

function expansionAt(celsius: number): number {
  const [low, middle, high] = EXPANSION
  const [from, to] = celsius < middle[0] ? [low, middle] : [middle, high]
  const share = (celsius - from[0]) / (to[0] - from[0])
  return Math.max(0.3, from[1] + share * (to[1] - from[1]))
}
