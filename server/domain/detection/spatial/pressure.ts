import type { LocationCandidate } from '#contract/incident.ts'
import type { Instant } from '../../instant.ts'
import { assetWords } from '../../network/assets.ts'
import { hopsBetween, neighbours } from '../../network/topology.ts'
import type { EmergencyFinding } from '../core/finding.ts'
import { evidenceOf } from '../core/make-finding.ts'
import { soundBuckets } from '../core/quarantine.ts'
import type { DetectorRun } from '../core/context.ts'
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
import type { LeakZone, PressureSensor } from '../core/zones.ts'
import { figure, momentWords } from '../core/words.ts'

/** Quarter hours of the day before that are needed: all but a few, for loads have a daily course; beside lost water two hours. */
const WHOLE_DAY = 80
const ENOUGH_AIDED = 8
const ENOUGH_SENSORS = 3
const CALM_QUARTERS = 4
/** With lost water beside it a smaller dip is believed, but not what the worst of many sensors shows by chance. */
const AIDED_SHARE = 0.4
const AIDED_KPA_SHARE = 0.5
const BEYOND_CHANCE = 2
/** How often the part that all share is fitted anew without what strays from it, and how far that may be. */
const ROUNDS = 3
const STRAYS_SIGMAS = 2
/** A shift of all is followed by each sensor in its own way by so much. */
const COMMON_SHARE = 0.1
const CANDIDATE_HOPS = 3
const MAX_CANDIDATES = 10
const NEAREST = 3
const SHARED_Z = -1.5

/** One sensor's pressure against its own past, without what all sensors share [kPa]. */
interface Dip {
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

interface When {
  readonly at: Instant
  readonly knownAt: Instant
  /** Water is being lost behind the same sources. */
  readonly aided: boolean
  /** How many quarter hours count as now. */
  readonly quarters: number
}

/**
 * What stands in while there is no model yet: median of the last hour less the
 * median of the 24 h before, without the common mode, for a drop that all share with the source is an
 * operation. Two evaluations in a row, or one beside lost water.
 */
export function judgePressures(run: DetectorRun, zone: LeakZone, watch: ZoneState, when: When): void {
  const sides = (['supply', 'return'] as const).map((side) =>
    dipsOf(
      run,
      watch,
      zone.sensors.filter((sensor) => sensor.side === side),
      when,
    ),
  )
  const offs = sides.flat()
  const { pressureZ, pressureDropKpa } = run.context.settings
  const chance = Math.sqrt(2 * Math.log(Math.max(offs.length, 2)))
  const limit = when.aided ? Math.max(AIDED_SHARE * pressureZ, chance + BEYOND_CHANCE) : pressureZ
  const least = when.aided ? AIDED_KPA_SHARE * pressureDropKpa : pressureDropKpa
  const beyond = offs.filter((dip) => dip.z < -limit && dip.offKpa < -least)
  // One sensor alone is no leak: a leaf has its own load.
  const low = beyond.length < 2 && watch.raised === undefined ? [] : beyond
  low.sort((a, b) => a.z - b.z || (a.sensor.key < b.sensor.key ? -1 : 1))
  const lasting = low.filter((dip) => when.aided || watch.dips.includes(dip.sensor.key))
  watch.dips = low.map((dip) => dip.sensor.key)
  const worst = lasting.find((dip) =>
    sides.some((side) => side.includes(dip) && isConsistent(run, dip, side)),
  )
  if (watch.raised !== undefined) calmDown(run, watch, low.length === 0, when.knownAt)
  else if (worst !== undefined) raise(run, zone, watch, { worst, low, limit, ...when })
  if (!when.aided && watch.raised === undefined) delete watch.usual
  else watch.usual ??= Object.fromEntries(offs.map((dip) => [dip.sensor.key, dip.usualKpa]))
}

function dipsOf(
  run: DetectorRun,
  watch: ZoneState,
  sensors: readonly PressureSensor[],
  { at, quarters, aided }: When,
): Dip[] {
  const last = Math.floor((at - 1) / BUCKET_MS)
  const measured: Measured[] = []
  for (const sensor of sensors) {
    const buckets = soundBuckets(run, sensor.deviceId, sensor.signal)
    if (buckets === undefined) continue
    const now = meansBetween(buckets, last - quarters + 1, last)
    if (now.length < quarters / 2) continue
    const day = dayBefore(buckets, last)
    const heard = day.filter((value) => !Number.isNaN(value)).length
    const enough = heard >= (aided ? ENOUGH_AIDED : WHOLE_DAY)
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
  return Float64Array.from({ length: QUARTERS_OF_DAY - QUARTERS_OF_HOUR }, (_, n) => {
    return meanOf(buckets, last - QUARTERS_OF_DAY + 1 + n) ?? Number.NaN
  })
}

/**
 * How far each sensor strayed from what all of them did through the day before [kPa]: one behind a valve
 * that is nearly shut moves with its own load by more than a leak would move it.
 */
function ownSigmas(measured: readonly Measured[]): readonly number[] {
  const offs = measured.map(({ day, usualKpa }) => day.map((value) => 1000 * value - usualKpa))
  const quarters = offs[0]?.length ?? 0
  for (let quarter = 0; quarter < quarters; quarter += 1) {
    const together = medianKnown(Float64Array.from(offs, (one) => one[quarter] ?? Number.NaN))
    for (const one of offs) one[quarter] = (one[quarter] ?? Number.NaN) - together
  }
  return offs.map((one) => 1.4826 * medianKnown(one.map(Math.abs)))
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

/**
 * A real drop shows at one of the nearest sensors of the same side too; alone among neighbours that stay,
 * the sensor is at fault. A leak on the supply leaves the return beside it nearly as it was.
 */
function isConsistent(run: DetectorRun, dip: Dip, side: readonly Dip[]): boolean {
  const { network } = run.context
  const others = side.flatMap((other) => {
    const hops = hopsBetween(network, dip.sensor.assetId, other.sensor.assetId, Infinity)
    return other.sensor.assetId === dip.sensor.assetId || hops === undefined ? [] : [{ z: other.z, hops }]
  })
  others.sort((a, b) => a.hops - b.hops)
  return others.slice(0, NEAREST).some(({ z }) => z < SHARED_Z)
}

interface Found extends When {
  readonly worst: Dip
  readonly low: readonly Dip[]
  readonly limit: number
}

function raise(run: DetectorRun, zone: LeakZone, watch: ZoneState, found: Found): void {
  const { worst, low, limit, at, knownAt } = found
  const { network, settings } = run.context
  const asset = network.points.get(worst.sensor.assetId)
  if (asset === undefined) return
  const eventAt = at - BUCKET_MS
  const name = assetWords(asset)
  const drop = figure(-worst.offKpa)
  const also = low.length - 1
  const finding: EmergencyFinding = {
    kind: 'emergency',
    id: `pressure:${zone.id}:${eventAt}`,
    phase: 'raised',
    family: 'leak',
    ticketKind: 'primary_leak',
    rule: 'leak.pressure',
    at: knownAt,
    eventAt,
    deviceId: worst.sensor.deviceId,
    located: true,
    candidates: candidatesOf(run, worst),
    logOdds: settings.weightPressure,
    evidence: {
      ...evidenceOf(
        { deviceId: worst.sensor.deviceId, assetId: asset.id },
        {
          rule: 'leak.pressure',
          sentence: {
            zh: `${name.zh} 一小时内压力比平时低 ${drop} kPa(已扣除全网同步变化 ${figure(worst.commonKpa)} kPa),另有 ${also} 个测点同样下降,自 ${momentWords(eventAt)} 起,泄漏可能在其附近管段;历史不足,暂按各测点自身的平时值判断`,
            en: `${name.en}: pressure over the last hour is ${drop} kPa below normal (${figure(worst.commonKpa)} kPa shared by the whole network taken off), and at ${also} other sensors too, since ${momentWords(eventAt)}; the leak is probably on the pipes near it; with too little history each sensor is judged against its own past`,
          },
          statistic: 'z',
          value: worst.z,
          threshold: -limit,
          baseline: worst.usualKpa,
          observed: worst.nowKpa,
          sigma: worst.sigmaKpa,
          windowS: 3600,
          unit: 'kPa',
          signals: [worst.sensor.signal],
          rejected: [
            { zh: '调压操作:其他测点没有同步下降', en: 'an operation: other sensors did not drop alike' },
          ],
        },
      ),
      assets: [...new Set(low.map((dip) => dip.sensor.assetId))],
      sensors: sharesOf(low),
    },
  }
  watch.raised = finding
  watch.calm = 0
  run.findings.push(finding)
}

function sharesOf(low: readonly Dip[]) {
  const whole = low.reduce((sum, dip) => sum + Math.abs(dip.z), 0)
  return low.map(({ sensor, z }) => ({
    deviceId: sensor.deviceId,
    signal: sensor.signal,
    assetId: sensor.assetId,
    share: Math.abs(z) / whole,
  }))
}

/** Primary wells within three hops of the worst sensor, nearer ones first; pressure gives no single point. */
function candidatesOf(run: DetectorRun, worst: Dip): LocationCandidate[] {
  const { network } = run.context
  const around = new Map([
    [worst.sensor.assetId, 0],
    ...neighbours(network, worst.sensor.assetId, CANDIDATE_HOPS),
  ])
  const wells = [...around].filter(([id]) => {
    const point = network.points.get(id)
    return point?.kind === 'well' && point.network === 'primary'
  })
  wells.sort(([a, near], [b, far]) => near - far || (a < b ? -1 : 1))
  const best = wells
    .slice(0, MAX_CANDIDATES)
    .map(([assetId, hops]) => ({ assetId, share: Math.exp(-hops / 2) }))
  const whole = best.reduce((sum, one) => sum + one.share, 0)
  return best.map(({ assetId, share }) => ({ assetId, share: share / whole }))
}

function calmDown(run: DetectorRun, watch: ZoneState, calm: boolean, at: Instant): void {
  watch.calm = calm ? watch.calm + 1 : 0
  if (watch.calm < CALM_QUARTERS || watch.raised === undefined) return
  run.findings.push({
    ...watch.raised,
    phase: 'cleared',
    at,
    evidence: {
      ...watch.raised.evidence,
      sentence: { zh: '压力恢复正常', en: 'pressures are back to normal' },
    },
  })
  delete watch.raised
}
