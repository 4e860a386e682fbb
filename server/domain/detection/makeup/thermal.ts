import type { Contraction, ThermalState } from '../core/makeup-state.ts'
import { DAY, type Instant } from '../../instant.ts'
import { behindSources, type BehindSource, type Sensor } from '../behind-source.ts'
import { soundBuckets } from '../core/quarantine.ts'
import type { DetectorRun } from '../core/context.ts'
import { BUCKET_MS, QUARTERS_OF_DAY, meanOf } from '../core/series.ts'
import { solveSymmetric } from '../spatial/linear.ts'

/** |dρ/dT| of water [kg/m³K] at [°C], between which it is linear. */
const EXPANSION = [
  [70, 0.58],
  [95, 0.7],
  [120, 0.78],
] as const
/** Water is under way for minutes to hours: the network's mean follows its source with these lags [h]. */
const LAGS_H = [0.4, 0.8, 1.6, 3.2] as const
/** Before anything is learnt all water lags by about so much. */
const USUAL_LAG = 1
const COURSE = 5
const RATES = 2 * LAGS_H.length
const SIZE = COURSE + RATES
/** What has been learnt counts half after so many quarter hours: a week. */
const HALF_LIFE = 7 * QUARTERS_OF_DAY
const STEP_H = 0.25
/** Of a network whose volume is unknown, for the prior alone [m³]. */
const USUAL_VOLUME_M3 = 2000

/** One quarter hour as the thermal model sees it. */
export interface ThermalMoment {
  readonly contraction: Contraction
  readonly row: readonly number[]
}

/**
 * Contraction V·|dρ/dT|·(−dT̄/dt) of the quarter hour that ends at `at`. How much of the
 * water follows the source how soon is learnt by ridge regression of the make-up on lagged temperatures,
 * around all of the volume with one lag. Undefined: no temperatures.
 */
export function thermalMoment(
  run: DetectorRun,
  sourceId: string,
  known: ThermalState | undefined,
  when: { readonly at: Instant; readonly quarter: number },
): { readonly watch: ThermalState; readonly moment: ThermalMoment | undefined } | undefined {
  const behind = behindSources(run.context.network).get(sourceId)
  const temperatures = behind === undefined ? undefined : temperaturesOf(run, sourceId, behind, when.at)
  if (behind === undefined || temperatures === undefined) return undefined
  const follows = known !== undefined && when.quarter - known.quarter === 1
  const before = follows ? known.lagged : temperatures.flatMap((value) => LAGS_H.map(() => value))
  const lagged = before.map((value, n) => {
    const lag = LAGS_H[n % LAGS_H.length] ?? 1
    return (
      value + ((temperatures[n < LAGS_H.length ? 0 : 1] ?? value) - value) * (1 - Math.exp(-STEP_H / lag))
    )
  })
  const watch: ThermalState = {
    lagged: lagged.map((value) => Number(value.toFixed(4))),
    quarter: when.quarter,
    gram: known?.gram ?? new Array<number>((SIZE * (SIZE + 1)) / 2).fill(0),
    moment: known?.moment ?? new Array<number>(SIZE).fill(0),
  }
  if (!follows) return { watch, moment: undefined }
  const rates = lagged.map((value, n) => ((before[n] ?? value) - value) / STEP_H)
  const angle = (2 * Math.PI * (when.at % DAY)) / DAY
  const course = [1, Math.sin(angle), Math.cos(angle), Math.sin(2 * angle), Math.cos(2 * angle)]
  const { flowTh, sigmaTh } = predicted(watch, behind, temperatures, rates)
  const coolingKh = ((rates[USUAL_LAG] ?? 0) + (rates[LAGS_H.length + USUAL_LAG] ?? 0)) / 2
  return { watch, moment: { contraction: { flowTh, coolingKh, sigmaTh }, row: [...course, ...rates] } }
}

/**
 * Lets one quarter hour's make-up in with a weight of at most 1; not while water is known to be lost.
 */
export function learnThermal(
  watch: ThermalState,
  row: readonly number[],
  makeupTh: number,
  weight: number,
): void {
  const keep = 2 ** (-1 / HALF_LIFE)
  let at = 0
  for (let a = 0; a < SIZE; a += 1) {
    for (let b = 0; b <= a; b += 1, at += 1) {
      watch.gram[at] = keep * (watch.gram[at] ?? 0) + weight * (row[a] ?? 0) * (row[b] ?? 0)
    }
    watch.moment[a] = keep * (watch.moment[a] ?? 0) + weight * (row[a] ?? 0) * makeupTh
  }
}

/** What the rates draw with what has been learnt of the t/h for each K/h, by side and lag. */
function predicted(
  { gram, moment }: ThermalState,
  behind: BehindSource,
  temperatures: readonly number[],
  rates: readonly number[],
): { readonly flowTh: number; readonly sigmaTh: number } {
  const perSide = ((behind.volumeM3 ?? USUAL_VOLUME_M3) / 2) * 1e-3
  const prior = temperatures.flatMap((value) =>
    LAGS_H.map((_, n) =>
      n === USUAL_LAG && behind.volumeM3 !== undefined ? perSide * expansionAt(value) : 0,
    ),
  )
  const lower = new Float64Array(SIZE * SIZE)
  let at = 0
  for (let a = 0; a < SIZE; a += 1) {
    for (let b = 0; b <= a; b += 1, at += 1) lower[a * SIZE + b] = gram[at] ?? 0
  }
  const right = Float64Array.from(moment)
  for (let n = 0; n < SIZE; n += 1) {
    // In units of the make-up's own noise of about 1 t/h: shares stray by half of the volume.
    const sigma = n < COURSE ? 100 : 0.5 * perSide
    lower[n * SIZE + n] = (lower[n * SIZE + n] ?? 0) + 1 / sigma ** 2
    if (n >= COURSE) right[n] = (right[n] ?? 0) + (prior[n - COURSE] ?? 0) / sigma ** 2
  }
  const shares = solveSymmetric(Float64Array.from(lower), right, SIZE).slice(COURSE)
  const now = Float64Array.from({ length: SIZE }, (_, n) => (n < COURSE ? 0 : (rates[n - COURSE] ?? 0)))
  const unsure = solveSymmetric(lower, now, SIZE).slice(COURSE)
  const times = (values: readonly number[]): number =>
    rates.reduce((sum, rate, n) => sum + rate * (values[n] ?? 0), 0)
  return { flowTh: times(shares), sigmaTh: Math.sqrt(Math.max(times(unsure), 0)) }
}

/** Supply and return, of the source itself where it measures them, else the mean of all behind it. */
function temperaturesOf(
  run: DetectorRun,
  sourceId: string,
  behind: BehindSource,
  at: Instant,
): readonly [number, number] | undefined {
  const of = (sensors: readonly Sensor[]): number | undefined => {
    const own = sensors.filter(({ assetId }) => assetId === sourceId)
    return quarterMean(run, own.length > 0 ? own : sensors, at)
  }
  const [supply, back] = [of(behind.supplyTemperatures), of(behind.returnTemperatures)]
  const either = supply ?? back
  return either === undefined ? undefined : [supply ?? either, back ?? either]
}

/** Mean over the quarter hour before `at`, whose ends need not be those of the buckets. */
function quarterMean(run: DetectorRun, sensors: readonly Sensor[], at: Instant): number | undefined {
  const bucket = Math.floor(at / BUCKET_MS)
  const share = (at % BUCKET_MS) / BUCKET_MS
  let [sum, weight] = [0, 0]
  for (const { deviceId, signal } of sensors) {
    const buckets = soundBuckets(run, deviceId, signal)
    if (buckets === undefined) continue
    for (const [number, part] of [
      [bucket - 1, 1 - share],
      [bucket, share],
    ] as const) {
      const mean = part === 0 ? undefined : meanOf(buckets, number)
      if (mean === undefined) continue
      sum += part * mean
      weight += part
    }
  }
  return weight === 0 ? undefined : sum / weight
}

function expansionAt(celsius: number): number {
  const [low, middle, high] = EXPANSION
  const [from, to] = celsius < middle[0] ? [low, middle] : [middle, high]
  const share = (celsius - from[0]) / (to[0] - from[0])
  return Math.max(0.3, from[1] + share * (to[1] - from[1]))
}
