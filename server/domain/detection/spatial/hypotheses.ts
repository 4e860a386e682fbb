import type { Changes } from './changes.ts'
import { stationDemand, unevenKpa, unevenSlope } from './station-demand.ts'
import { faultZ, fitOf, precisionOf, zOf, type Fit, type Precision } from './glr.ts'
import type { ZoneResponse } from '../core/leak-response.ts'
import type { ZoneModel } from '../core/zone-state.ts'

/** Every hypothesis of one evaluation, weighed (generalised likelihood ratio). */
export interface WeighedHypotheses {
  readonly precision: Precision
  /** By place. */
  readonly fits: readonly Fit[]
  readonly effects: readonly Float64Array[]
  /** The best place with all sensors, and with the worst sensor replaced by what the others say. */
  readonly best: number
  readonly z: number
  readonly bestWithout: number
  readonly zWithout: number
  /** Index of the sensor that strays furthest from the others. */
  readonly worst: number
  readonly worstZ: number
}

/** Undefined: fewer than two sensors. */
export function weighHypotheses(changes: Changes, of: Weighing): WeighedHypotheses | undefined {
  const { list } = changes
  if (list.length < 2) return undefined
  const slopes = slopesOf(changes, of)
  const precision = precisionOf({
    change: Float64Array.from(list, ({ offKpa }) => offKpa),
    ...covarianceOf(changes, of),
  })
  const worst = worstOf(precision)
  const effects = effectsOf(changes, of.response, slopes)
  const fits: Fit[] = []
  for (const [n, effect] of effects.entries()) {
    const same = fits[of.response.alike[n] ?? n]
    fits.push(same ?? fitOf(precision, effect, worst))
  }
  let [best, bestWithout] = [0, 0]
  const zAt = (n: number) => zOf(fits[n]?.num ?? 0, fits[n]?.den ?? 0)
  const zWithoutAt = (n: number) => zOf(fits[n]?.numWithout ?? 0, fits[n]?.denWithout ?? 0)
  for (let n = 1; n < fits.length; n += 1) {
    if (zAt(n) > zAt(best)) best = n
    if (zWithoutAt(n) > zWithoutAt(bestWithout)) bestWithout = n
  }
  return {
    precision,
    fits,
    effects,
    best,
    bestWithout,
    worst,
    z: Math.max(zAt(best), 0),
    zWithout: Math.max(zWithoutAt(bestWithout), 0),
    worstZ: faultZ(precision, worst),
  }
}

/** What a set of changes is weighed with. */
export interface Weighing {
  readonly model: ZoneModel
  readonly response: ZoneResponse
  /** The flow is measured where a leak on the supply shows in it. */
  readonly flowShowsLeak: boolean
}

/** The sensor that strays furthest from the others. */
export function worstOf(precision: Precision): number {
  let worst = 0
  for (let i = 1; i < precision.size; i += 1) {
    if (Math.abs(faultZ(precision, i)) > Math.abs(faultZ(precision, worst))) worst = i
  }
  return worst
}

/** Change of each sensor for one t/h lost at each place [kPa]; the same array where no sensor tells places apart. */
function effectsOf({ list, flowTh }: Changes, response: ZoneResponse, slopes: Float64Array): Float64Array[] {
  const width = response.sensors.length
  const { nominalTh, kpaPerTh, alike } = response
  const scale = flowTh === undefined || nominalTh === undefined ? 1 : flowTh / nominalTh
  const columns = Int32Array.from(list, ({ column }) => column)
  const effects: Float64Array[] = []
  for (const [n, { side }] of response.places.entries()) {
    const same = effects[alike[n] ?? n]
    if (same !== undefined) {
      effects.push(same)
      continue
    }
    const effect = new Float64Array(columns.length)
    const passes = side === 'supply' ? 1 : 0
    for (let i = 0; i < columns.length; i += 1) {
      effect[i] = -scale * (kpaPerTh[n * width + (columns[i] ?? 0)] ?? 0) - passes * (slopes[i] ?? 0)
    }
    effects.push(effect)
  }
  return effects
}

/** Common modes say nothing of a place: so much of each is taken for granted [kPa]. */
const COMMON_KPA = 20
const COMMON_OF_FEW_KPA = 2
const FEW = 4
/** Stations may take so much more or less than the total says, near the source or far from it. */
const LOAD_SHARE = 0.1

/**
 * Covariance of the sensors that spoke. Beside what was learnt: away from the learnt hours every one is
 * less sure, a shift of a whole side is an operation, and load moves between near and far.
 */
export function covarianceOf(
  changes: Pick<Changes, 'list' | 'leverage' | 'flowTh'>,
  { model, response }: Weighing,
): { readonly own: Float64Array; readonly shared: readonly (readonly number[])[] } {
  const { list, leverage } = changes
  const counts = { supply: 0, return: 0 }
  for (const { sensor } of list) counts[sensor.side] += 1
  const common = (side: 'supply' | 'return') => (counts[side] < FEW ? COMMON_OF_FEW_KPA : COMMON_KPA)
  const flow = changes.flowTh ?? response.nominalTh ?? 1
  const share = response.nominalTh === undefined ? 1 : flow / response.nominalTh
  return {
    own: Float64Array.from(list, ({ row }) => (model.own[row] ?? 1) * (1 + leverage)),
    shared: list.map(({ row, column, sensor: { side } }) => {
      const load = LOAD_SHARE * 2 * (response.lossKpa[column] ?? 0) * share ** 2
      return [
        ...(model.shared[row] ?? []),
        side === 'supply' ? common('supply') : 0,
        side === 'return' ? common('return') : 0,
        side === 'supply' ? -load : load,
      ]
    }),
  }
}

/**
 * What one t/h more at the source's meter makes one expect of each sensor [kPa/(t/h)]. A leak on the
 * supply passes that meter, so the expectation follows it by that much.
 */
function slopesOf({ list, flowTh }: Changes, { model, response, flowShowsLeak }: Weighing): Float64Array {
  if (!flowShowsLeak || flowTh === undefined) return new Float64Array(list.length)
  const measured = model.columns.some(({ name }) => name === 'flow')
  const use = stationDemand(model, response)
  const { nominalTh } = response
  const byLoads =
    use === undefined || nominalTh === undefined ? undefined : unevenSlope(use, flowTh, nominalTh)
  return Float64Array.from(list, ({ row, column, sensor }) => {
    const beta = model.beta[row] ?? []
    let slope = byLoads === undefined ? 0 : unevenKpa(response, column, byLoads)
    for (const [c, { name, scale }] of model.columns.entries()) {
      if (name === 'flow') slope += (beta[c + 1] ?? 0) / scale
      else if (name === 'flow2') slope += ((beta[c + 1] ?? 0) * 2 * flowTh) / scale
    }
    if (!measured || nominalTh === undefined) return slope
    const physical = (2 * (response.lossKpa[column] ?? 0) * flowTh) / nominalTh ** 2
    return sensor.side === 'return' ? slope + physical : slope - physical
  })
}

/** Water lost as the make-up meter says it [t/h], which makes places that need another size unlikely. */
export interface KnownLoss {
  readonly flowTh: number
  readonly sigmaTh: number
}

/** Log-likelihood of a leak at a place against none; the size is free, or known from the make-up. */
export function likelihood({ num, den }: Fit, loss: KnownLoss | undefined): number {
  if (loss === undefined) return num > 0 && den > 1e-12 ? (num * num) / (2 * den) : 0
  const weight = 1 / loss.sigmaTh ** 2
  const pull = num + loss.flowTh * weight
  return (pull * pull) / (2 * (den + weight)) - (loss.flowTh ** 2 * weight) / 2 - Math.log1p(den / weight) / 2
}

/** Beside lost water a smaller pattern is believed, but none below this, whatever the threshold. */
const AIDED_SHARE = 0.6
const AIDED_LEAST = 3.5

/** What the statistic must pass: the threshold, or less of it where the make-up says that water is lost. */
export function leakLimit(threshold: number, aided: boolean): number {
  return aided ? Math.max(AIDED_SHARE * threshold, AIDED_LEAST) : threshold
}
