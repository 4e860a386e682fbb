import type { Instant } from '../../instant.ts'
import type { DetectorRun } from '../core/context.ts'
import { soundBuckets } from '../core/quarantine.ts'
import {
  BUCKET_MS,
  meanOf,
  meansBetween,
  median,
  medianKnown,
  QUARTERS_OF_DAY,
  QUARTERS_OF_HOUR,
  robustSigma,
} from '../core/series.ts'
import type { Buckets } from '../core/state.ts'
import type { ZoneState } from '../core/zone-state.ts'
import type { PressureSensor } from '../core/zones.ts'

/** Quarter hours of the day before that are needed: all but a few, for loads have a daily course; beside lost water two hours. */
const WHOLE_DAY = 80
const ENOUGH_AIDED = 8
const ENOUGH_SENSORS = 3
/** How often the part that all share is fitted anew without what strays from it, and how far that may be. */
const ROUNDS = 3
const STRAYS_SIGMAS = 2
/** A shift of all is followed by each sensor in its own way by so much. */
const COMMON_SHARE = 0.1

/** One sensor's pressure against its own past, without what all sensors share [kPa]. */
export interface PressureDrop {
  readonly sensor: PressureSensor
  readonly usualKpa: number
  readonly nowKpa: number
  readonly offKpa: number
  readonly commonKpa: number
  readonly sigmaKpa: number
  readonly z: number
}

interface Measured {
  readonly sensor: PressureSensor
  readonly usualKpa: number
  readonly nowKpa: number
  readonly day: Float64Array
}

export interface When {
  readonly at: Instant
  readonly knownAt: Instant
  /** Water is being lost behind the same sources. */
  readonly aided: boolean
  /** How many quarter hours count as now. */
  readonly quarters: number
}

/** The sensors of one side that can be judged; none while too few can. */
export function pressureDropsOf(
  run: DetectorRun,
  watch: ZoneState,
  sensors: readonly PressureSensor[],
  { at, quarters, aided }: When,
): PressureDrop[] {
  const last = Math.floor((at - 1) / BUCKET_MS)
  const measured: Measured[] = []
  for (const sensor of sensors) {
    const buckets = soundBuckets(run, sensor.deviceId, sensor.signal)
    if (buckets === undefined) continue
    const now = meansBetween(buckets, last - quarters + 1, last)
    if (now.length < quarters / 2) continue
    const day = dayBefore(buckets, last)
    const enough = countKnown(day) >= (aided ? ENOUGH_AIDED : WHOLE_DAY)
    const usual = watch.usual?.[sensor.key] ?? (enough ? 1000 * medianKnown(day) : undefined)
    if (usual !== undefined) measured.push({ sensor, usualKpa: usual, nowKpa: 1000 * median(now), day })
  }
  if (measured.length < ENOUGH_SENSORS) return []
  const changes = measured.map(({ usualKpa, nowKpa }) => nowKpa - usualKpa)
  const losses = lossesOf(run, watch.id, measured)
  const common = commonOf(changes, losses)
  const offs = changes.map((change, n) => change - (common[n] ?? 0))
  const together = Math.max(run.context.settings.pressureSigmaKpa, robustSigma(offs, 0))
  const own = ownSigmas(measured)
  return measured.map(({ sensor, usualKpa, nowKpa }, n) => {
    const [offKpa, commonKpa] = [offs[n] ?? 0, common[n] ?? 0]
    const sigmaKpa = Math.hypot(together, own[n] ?? 0)
    const z = offKpa / Math.hypot(sigmaKpa, COMMON_SHARE * commonKpa)
    return { sensor, usualKpa, nowKpa, offKpa, commonKpa, sigmaKpa, z }
  })
}

/** Quarter hours of the day before the last hour, in order [MPa]; NaN: nothing was heard. */
function dayBefore(buckets: Buckets, last: number): Float64Array {
  const day = new Float64Array(QUARTERS_OF_DAY - QUARTERS_OF_HOUR)
  for (let n = 0; n < day.length; n += 1)
    day[n] = meanOf(buckets, last - QUARTERS_OF_DAY + 1 + n) ?? Number.NaN
  return day
}

function countKnown(day: Float64Array): number {
  let count = 0
  for (let n = 0; n < day.length; n += 1) if (!Number.isNaN(day[n] ?? Number.NaN)) count += 1
  return count
}

/**
 * How far each sensor strayed from what all of them did through the day before [kPa]: one behind a valve
 * that is nearly shut moves with its own load by more than a leak would move it. Plain loops over one
 * column: every quarter of an hour this reads a day of every sensor.
 */
function ownSigmas(measured: readonly Measured[]): readonly number[] {
  const offs = measured.map(({ day, usualKpa }) => {
    const off = new Float64Array(day.length)
    for (let n = 0; n < day.length; n += 1) off[n] = 1000 * (day[n] ?? Number.NaN) - usualKpa
    return off
  })
  const column = new Float64Array(offs.length)
  const quarters = offs[0]?.length ?? 0
  for (let quarter = 0; quarter < quarters; quarter += 1) {
    for (let n = 0; n < offs.length; n += 1) column[n] = offs[n]?.[quarter] ?? Number.NaN
    const together = medianKnown(column)
    for (const one of offs) one[quarter] = Math.abs((one[quarter] ?? Number.NaN) - together)
  }
  return offs.map((one) => 1.4826 * medianKnown(one))
}

/** How much friction takes on the way to each sensor [kPa]; 0 where the network's hydraulics are not known. */
function lossesOf(
  run: DetectorRun,
  zoneId: string,
  measured: readonly { readonly sensor: PressureSensor }[],
): number[] {
  const response = run.context.responses?.get(zoneId)
  const columns = new Map(response?.sensors.map(({ key }, column) => [key, column]))
  return measured.map(({ sensor }) => response?.lossKpa[columns.get(sensor.key) ?? -1] ?? 0)
}

/**
 * What an operation or the load does to each sensor [kPa]: the same to all, and more to one that friction
 * parts from the source, by a straight line through most of them.
 */
function commonOf(changes: readonly number[], losses: readonly number[]): number[] {
  const middle = median(losses)
  let [level, slope] = [median(changes), 0]
  for (let round = 0; round < ROUNDS; round += 1) {
    const offs = changes.map((change, n) => change - level - slope * ((losses[n] ?? 0) - middle))
    const most = STRAYS_SIGMAS * Math.max(robustSigma(offs, median(offs)), Number.EPSILON)
    const near = offs.flatMap((off, n) => (Math.abs(off) <= most ? [n] : []))
    const x = near.map((n) => (losses[n] ?? 0) - middle)
    const meanX = average(x)
    const spread = x.reduce((sum, value) => sum + (value - meanX) ** 2, 0)
    if (spread > 0) {
      const pull = near.reduce((sum, n, i) => sum + ((x[i] ?? 0) - meanX) * (changes[n] ?? 0), 0)
      slope = pull / spread
    }
    level = median(changes.map((change, n) => change - slope * ((losses[n] ?? 0) - middle)))
  }
  return losses.map((loss) => level + slope * (loss - middle))
}

const average = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1)
