import type { LocationCandidate } from '#contract/incident.ts'
import type { Instant } from '../../instant.ts'
import { assetWords } from '../../network/assets.ts'
import { hopsBetween, neighbours } from '../../network/topology.ts'
import type { EmergencyFinding } from '../core/finding.ts'
import { evidenceOf } from '../core/make-finding.ts'
import type { DetectorRun } from '../core/context.ts'
import { BUCKET_MS } from '../core/series.ts'
import type { ZoneState } from '../core/zone-state.ts'
import type { LeakZone } from '../core/zones.ts'
import { figure, momentWords } from '../core/words.ts'
import { pressureDropsOf, type PressureDrop, type When } from './pressure-drops.ts'

const CALM_QUARTERS = 4
/** With lost water beside it a smaller dip is believed, but not what the worst of many sensors shows by chance. */
const AIDED_SHARE = 0.4
const AIDED_KPA_SHARE = 0.5
const BEYOND_CHANCE = 2
const CANDIDATE_HOPS = 3
const MAX_CANDIDATES = 10
const NEAREST = 3
const SHARED_Z = -1.5

/**
 * What stands in while there is no model yet: median of the last hour less the
 * median of the 24 h before, without the common mode, for a drop that all share with the source is an
 * operation. Two evaluations in a row, or one beside lost water.
 */
export function judgePressures(run: DetectorRun, zone: LeakZone, watch: ZoneState, when: When): void {
  const sides = (['supply', 'return'] as const).map((side) =>
    pressureDropsOf(
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

/**
 * A real drop shows at one of the nearest sensors of the same side too; alone among neighbours that stay,
 * the sensor is at fault. A leak on the supply leaves the return beside it nearly as it was.
 */
function isConsistent(run: DetectorRun, dip: PressureDrop, side: readonly PressureDrop[]): boolean {
  const { network } = run.context
  const others = side.flatMap((other) => {
    const hops = hopsBetween(network, dip.sensor.assetId, other.sensor.assetId, Infinity)
    return other.sensor.assetId === dip.sensor.assetId || hops === undefined ? [] : [{ z: other.z, hops }]
  })
  others.sort((a, b) => a.hops - b.hops)
  return others.slice(0, NEAREST).some(({ z }) => z < SHARED_Z)
}

interface Found extends When {
  readonly worst: PressureDrop
  readonly low: readonly PressureDrop[]
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

function sharesOf(low: readonly PressureDrop[]) {
  const whole = low.reduce((sum, dip) => sum + Math.abs(dip.z), 0)
  return low.map(({ sensor, z }) => ({
    deviceId: sensor.deviceId,
    signal: sensor.signal,
    assetId: sensor.assetId,
    share: Math.abs(z) / whole,
  }))
}

/** Primary wells within three hops of the worst sensor, nearer ones first; pressure gives no single point. */
function candidatesOf(run: DetectorRun, worst: PressureDrop): LocationCandidate[] {
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
