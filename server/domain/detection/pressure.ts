import type { LocationCandidate } from '#contract/incident.ts'
import type { Instant } from '../instant.ts'
import { hopsBetween, neighbours } from '../network/topology.ts'
import { behindSources, type Sensor } from './behind-source.ts'
import type { EmergencyFinding } from './finding.ts'
import type { LeakWatch } from './leak-state.ts'
import { evidenceOf } from './make-finding.ts'
import type { Run, Site } from './run.ts'
import { BUCKET_MS, meansBetween, median, robustSigma } from './series.ts'
import { assetWords, figure, momentWords } from './words.ts'

const ENOUGH_DAY = 8
const ENOUGH_SENSORS = 3
const CALM_QUARTERS = 4
/** With lost water beside it a smaller dip is believed. */
const AIDED_SHARE = 0.6
const CANDIDATE_HOPS = 3
const MOST_CANDIDATES = 10
const NEAREST = 3
const SHARED_Z = -1.5

/** One sensor's pressure against its own past, without what all sensors share [kPa]. */
interface Dip {
  readonly sensor: Sensor
  readonly usualKpa: number
  readonly nowKpa: number
  readonly offKpa: number
  readonly commonKpa: number
  readonly sigmaKpa: number
  readonly z: number
}

/**
 * Median of the last hour less the median of the 24 h before, without the common mode: a drop that all
 * share with the source is an operation (detection.md §1). Two evaluations in a row, or one beside lost
 * water.
 */
export function judgePressures(
  site: Site,
  watch: LeakWatch,
  when: { readonly at: Instant; readonly receivedAt: Instant },
): void {
  const { run } = site
  const behind = behindSources(run.context.network).get(site.asset.id)
  if (behind === undefined) return
  const sides = [behind.supplyPressures, behind.returnPressures].map((sensors) =>
    dipsOf(run, watch, sensors, when.at),
  )
  const offs = sides.flat()
  const { pressureZ, pressureDropKpa } = run.context.settings
  const limit = watch.raised === undefined ? pressureZ : AIDED_SHARE * pressureZ
  // A source that drops is being operated; it is never where a leak shows best.
  const low = offs.filter(
    (dip) =>
      dip.sensor.assetId !== site.asset.id &&
      dip.z < -limit &&
      (watch.raised !== undefined || dip.offKpa < -pressureDropKpa),
  )
  low.sort((a, b) => a.z - b.z || (a.sensor.key < b.sensor.key ? -1 : 1))
  const lasting = low.filter((dip) => watch.raised !== undefined || watch.dips.includes(dip.sensor.key))
  watch.dips = low.map((dip) => dip.sensor.key)
  const worst = lasting.find((dip) =>
    sides.some((side) => side.includes(dip) && isConsistent(run, dip, side)),
  )
  if (watch.pressure !== undefined) calmDown(site, watch, low.length === 0, when.receivedAt)
  else if (worst !== undefined) raise(site, watch, { worst, low, limit, ...when })
  if (watch.raised === undefined && watch.pressure === undefined) delete watch.usual
  else watch.usual ??= Object.fromEntries(offs.map((dip) => [dip.sensor.key, dip.usualKpa]))
}

function dipsOf(run: Run, watch: LeakWatch, sensors: readonly Sensor[], at: Instant): Dip[] {
  const last = Math.floor(at / BUCKET_MS) - 1
  const measured: { readonly sensor: Sensor; readonly usualKpa: number; readonly nowKpa: number }[] = []
  for (const sensor of sensors) {
    const device = Object.hasOwn(run.state.devices, sensor.deviceId)
      ? run.state.devices[sensor.deviceId]
      : undefined
    const buckets = device?.series[sensor.signal]?.buckets
    if (buckets === undefined) continue
    const hour = meansBetween(buckets, last - 3, last)
    if (hour.length < 2) continue
    const day = meansBetween(buckets, last - 95, last - 4)
    const usual = watch.usual?.[sensor.key] ?? (day.length < ENOUGH_DAY ? undefined : 1000 * median(day))
    if (usual !== undefined) measured.push({ sensor, usualKpa: usual, nowKpa: 1000 * median(hour) })
  }
  if (measured.length < ENOUGH_SENSORS) return []
  const changes = measured.map(({ usualKpa, nowKpa }) => nowKpa - usualKpa)
  const commonKpa = median(changes)
  const sigmaKpa = Math.max(run.context.settings.pressureSigmaKpa, robustSigma(changes, commonKpa))
  return measured.map((one) => {
    const offKpa = one.nowKpa - one.usualKpa - commonKpa
    return { ...one, offKpa, commonKpa, sigmaKpa, z: offKpa / sigmaKpa }
  })
}

/**
 * A real drop shows at one of the nearest sensors of the same side too; alone among neighbours that stay,
 * the sensor is at fault. A leak on the supply leaves the return beside it nearly as it was.
 */
function isConsistent(run: Run, dip: Dip, side: readonly Dip[]): boolean {
  const { network } = run.context
  const others = side.flatMap((other) => {
    const hops = hopsBetween(network, dip.sensor.assetId, other.sensor.assetId, Infinity)
    return other.sensor.assetId === dip.sensor.assetId || hops === undefined ? [] : [{ z: other.z, hops }]
  })
  others.sort((a, b) => a.hops - b.hops)
  return others.slice(0, NEAREST).some(({ z }) => z < SHARED_Z)
}

interface Found {
  readonly worst: Dip
  readonly low: readonly Dip[]
  readonly limit: number
  readonly at: Instant
  readonly receivedAt: Instant
}

function raise(site: Site, watch: LeakWatch, { worst, low, limit, at, receivedAt }: Found): void {
  const { run } = site
  const { network, settings } = run.context
  const asset = network.points.get(worst.sensor.assetId)
  if (asset === undefined) return
  const eventAt = at - BUCKET_MS
  const name = assetWords(asset)
  const drop = figure(-worst.offKpa)
  const also = low.length - 1
  const finding: EmergencyFinding = {
    kind: 'emergency',
    id: `pressure:${site.asset.id}:${eventAt}`,
    phase: 'raised',
    family: 'leak',
    ticketKind: 'primary_leak',
    rule: 'leak.pressure',
    at: receivedAt,
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
            zh: `${name.zh} 一小时内压力比平时低 ${drop} kPa(已扣除全网同步变化 ${figure(worst.commonKpa)} kPa),另有 ${also} 个测点同样下降,自 ${momentWords(eventAt)} 起,泄漏可能在其附近管段`,
            en: `${name.en}: pressure over the last hour is ${drop} kPa below normal (${figure(worst.commonKpa)} kPa shared by the whole network taken off), and at ${also} other sensors too, since ${momentWords(eventAt)}; the leak is probably on the pipes near it`,
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
            {
              zh: '调压操作:热源和其他测点没有同步下降',
              en: 'an operation: the source and other sensors did not drop alike',
            },
          ],
        },
      ),
      assets: [...new Set(low.map((dip) => dip.sensor.assetId))],
      sensors: sharesOf(low),
    },
  }
  watch.pressure = finding
  watch.pressureCalm = 0
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
function candidatesOf(run: Run, worst: Dip): LocationCandidate[] {
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
    .slice(0, MOST_CANDIDATES)
    .map(([assetId, hops]) => ({ assetId, share: Math.exp(-hops / 2) }))
  const whole = best.reduce((sum, one) => sum + one.share, 0)
  return best.map(({ assetId, share }) => ({ assetId, share: share / whole }))
}

function calmDown(site: Site, watch: LeakWatch, calm: boolean, at: Instant): void {
  watch.pressureCalm = calm ? watch.pressureCalm + 1 : 0
  if (watch.pressureCalm < CALM_QUARTERS || watch.pressure === undefined) return
  site.run.findings.push({
    ...watch.pressure,
    phase: 'cleared',
    at,
    evidence: {
      ...watch.pressure.evidence,
      sentence: { zh: '压力恢复正常', en: 'pressures are back to normal' },
    },
  })
  delete watch.pressure
}
