import type { Evidence, LocationCandidate } from '#contract/incident.ts'
import type { LocalizedText } from '#contract/text.ts'
import { assetOf, assetWords } from '../../network/assets.ts'
import { metresToInstrumentedWell } from '../../network/topology.ts'
import { zoneOf } from '../../network/zone.ts'
import { MODEL, type EmergencyFinding } from '../core/finding.ts'
import { BUCKET_MS } from '../core/series.ts'
import { figure, momentWords, sourceWords } from '../core/words.ts'
import type { Change } from './changes.ts'
import { strayOf, type Fit } from './glr.ts'
import type { Evaluation } from './evaluation.ts'
import type { PlaceShare } from './locate.ts'
import { leakLimit } from './hypotheses.ts'

export const MAX_CANDIDATES = 10
const MAX_SENSORS = 12
/** The first evaluation that a leak is seen at lies up to an hour behind its beginning. */
const SEEN_WITHIN_MS = 2 * BUCKET_MS

/** What is said of a leak: where it may be, and whether the pressures alone would have told of it. */
export interface Said {
  readonly places: readonly PlaceShare[]
  readonly guess: boolean
  /** What was said of the same leak before. */
  readonly before?: EmergencyFinding
}

/** The finding of a leak by its pattern in space, or a stronger one of the same leak. */
export function leakFinding(evaluation: Evaluation, { places, guess, before }: Said): EmergencyFinding {
  const { run, zone, weighed, loss, watch, at, knownAt } = evaluation
  const { settings } = run.context
  const candidates = places.slice(0, MAX_CANDIDATES).map(({ assetId, share }) => ({ assetId, share }))
  const best = places[0]?.place ?? weighed.best
  const sensors = sharesOf(evaluation, best)
  const eventAt = before?.eventAt ?? at - SEEN_WITHIN_MS
  const value = Math.min(weighed.z, weighed.zWithout)
  const strong = loss === undefined && value > 2 * watch.leak.threshold
  return {
    kind: 'emergency',
    id: before?.id ?? `spatial:${zone.id}:${eventAt}`,
    phase: before === undefined ? 'raised' : 'updated',
    family: 'leak',
    ticketKind: 'primary_leak',
    rule: 'leak.spatial',
    at: knownAt,
    eventAt,
    ...(sensors[0] === undefined ? {} : { deviceId: sensors[0].deviceId }),
    located: true,
    candidates,
    logOdds: Math.max(
      before?.logOdds ?? -Infinity,
      guess ? 0 : strong ? settings.weightSpatialStrong : settings.weightSpatial,
    ),
    evidence: evidenceOf(evaluation, { candidates, best, sensors, eventAt, value, guess }),
  }
}

type Share = NonNullable<Evidence['sensors']>[number]

/** Sensors by what they add to the best place's statistic; those that speak against it add nothing. */
function sharesOf({ weighed, changes }: Evaluation, best: number): Share[] {
  const effect = weighed.effects[best]
  const added = changes.list.map(({ sensor }, i) => ({
    sensor,
    value: Math.max(0, (effect?.[i] ?? 0) * (weighed.precision.weighted[i] ?? 0)),
  }))
  added.sort((a, b) => b.value - a.value || (a.sensor.key < b.sensor.key ? -1 : 1))
  const most = added.filter(({ value }) => value > 0).slice(0, MAX_SENSORS)
  const whole = most.reduce((sum, { value }) => sum + value, 0)
  return most.map(({ sensor: { deviceId, signal, assetId }, value }) => ({
    deviceId,
    signal,
    assetId,
    share: value / whole,
  }))
}

interface Found {
  readonly candidates: readonly LocationCandidate[]
  /** Number of the likeliest place. */
  readonly best: number
  readonly sensors: readonly Share[]
  readonly eventAt: number
  readonly value: number
  readonly guess: boolean
}

function evidenceOf(evaluation: Evaluation, found: Found): Evidence {
  const { weighed, changes } = evaluation
  const { sensors, value } = found
  const most = changes.list.find(
    ({ sensor }) => sensor.deviceId === sensors[0]?.deviceId && sensor.signal === sensors[0].signal,
  )
  const index = most === undefined ? -1 : changes.list.indexOf(most)
  return {
    rule: 'leak.spatial',
    sentence: sentenceOf(evaluation, { ...found, most }),
    statistic: 'glr',
    value,
    threshold: limitOf(evaluation, found.guess),
    ...(most === undefined ? {} : { baseline: most.nowKpa - most.offKpa, observed: most.nowKpa }),
    ...(index < 0 ? {} : { sigma: 1 / Math.sqrt(weighed.precision.diagonal[index] ?? 1) }),
    windowS: 3600,
    unit: 'kPa',
    assets: [...new Set(sensors.map(({ assetId }) => assetId))],
    sensors: [...sensors],
    rejected: rejectedOf(evaluation),
    model: MODEL,
  }
}

/** A guess has passed no limit: it is held against the one of pressures alone. */
function limitOf({ watch, loss }: Evaluation, guess: boolean): number {
  return leakLimit(watch.leak.threshold, loss !== undefined && !guess)
}

function rejectedOf({ weighed, changes }: Evaluation): LocalizedText[] {
  const worst = changes.list[weighed.worst]
  const rejected: LocalizedText[] = []
  if (worst !== undefined) {
    const stray = figure(strayOf(weighed.precision, weighed.worst))
    const left = figure(weighed.zWithout)
    rejected.push({
      zh: `单个测点故障:把偏离最大的 ${worst.sensor.deviceId}(${stray} kPa)换成其余测点的推算值后,统计量仍为 ${left}`,
      en: `a fault of one sensor: with ${worst.sensor.deviceId} (${stray} kPa off) replaced by what the others say, the statistic is still ${left}`,
    })
  }
  rejected.push({
    zh: '调压或变流量操作:热源压力、总流量和室外温度能解释的变化已扣除',
    en: 'an operation: what the source’s pressure, the total flow and the weather explain is taken off',
  })
  return rejected
}

function sentenceOf(
  evaluation: Evaluation,
  found: Found & { readonly most: Change | undefined },
): LocalizedText {
  const { run, zone, weighed, response, loss } = evaluation
  const { network } = run.context
  const plant = sourceWords(network, [zone.sourceIds[0] ?? zone.id])
  const first = found.candidates[0]
  const asset = assetOf(network, first?.assetId ?? '')
  const name = asset === undefined ? { zh: zone.id, en: zone.id } : assetWords(asset)
  const area = asset === undefined ? undefined : zoneOf(network, asset.id)
  const metres = asset === undefined ? undefined : metresToInstrumentedWell(network, asset.id)
  const away: LocalizedText =
    metres === undefined
      ? { zh: '', en: '' }
      : {
          zh: `,距最近的有测点的井 ${figure(metres, 0)} 米`,
          en: `, ${figure(metres, 0)} m from the nearest well with a sensor`,
        }
  const fall = found.most === undefined ? '' : figure(-found.most.offKpa)
  const since = momentWords(found.eventAt)
  const side =
    response.places[found.best]?.side === 'return'
      ? { zh: '回水', en: 'return' }
      : { zh: '供水', en: 'supply' }
  const size = sizeOf(response, weighed.fits[found.best], loss)
  const value = figure(found.value)
  const threshold = figure(limitOf(evaluation, found.guess))
  const percent = figure(100 * found.candidates.reduce((sum, { share }) => sum + share, 0), 0)
  if (found.guess) {
    return {
      zh: `${plant.zh} 管网失水${size.zh},自 ${since} 起;各测点压力对位置只有较弱的提示:最可能在${side.zh}侧 ${name.zh}(分区 ${area ?? zone.id})附近${away.zh},所列 ${found.candidates.length} 口井合计可能性 ${percent}%;统计量 ${value},单凭压力判断的限值 ${threshold}`,
      en: `${plant.en} loses water${size.en}, since ${since}; the pressures hint only weakly at where: most likely on the ${side.en} side near ${name.en} (zone ${area ?? zone.id})${away.en}, the ${found.candidates.length} wells listed hold ${percent} % together; statistic ${value}, threshold by pressures alone ${threshold}`,
    }
  }
  return {
    zh: `${plant.zh} 管网${side.zh}侧压力分布像一处泄漏:${found.most?.sensor.assetId ?? ''} 一小时内比应有值低 ${fall} kPa,${found.sensors.length} 个测点共同指向 ${name.zh}(分区 ${area ?? zone.id})附近${away.zh}${size.zh},自 ${since} 起,统计量 ${value},限值 ${threshold}`,
    en: `the pressures on the ${side.en} side of ${plant.en} look like one leak: ${found.most?.sensor.assetId ?? ''} is ${fall} kPa below what is expected over the last hour, ${found.sensors.length} sensors point near ${name.en} (zone ${area ?? zone.id})${away.en}${size.en}, since ${since}; statistic ${value}, threshold ${threshold}`,
  }
}

/** q̂ = sᵀΛd / sᵀΛs, said only where the pipes and flows are known. */
function sizeOf(
  response: Evaluation['response'],
  fit: Fit | undefined,
  loss: Evaluation['loss'],
): LocalizedText {
  if (loss !== undefined) {
    const flow = figure(loss.flowTh, 0)
    return { zh: `,补水多出约 ${flow} t/h`, en: `, make-up is about ${flow} t/h too high` }
  }
  if (fit === undefined || response.basis !== 'hydraulic' || response.nominalTh === undefined)
    return { zh: '', en: '' }
  const flow = figure(fit.num / fit.den, 0)
  return { zh: `,约 ${flow} t/h`, en: `, about ${flow} t/h` }
}

export function clearedEvidence(raised: EmergencyFinding, accepted: boolean): Evidence {
  return {
    ...raised.evidence,
    sentence: accepted
      ? {
          zh: '压力分布三天未再变化且补水正常,按新的常态重新学习',
          en: 'the pattern has stood for three days with normal make-up: it is learnt as the new normal',
        }
      : { zh: '压力分布恢复正常', en: 'the pattern of pressures is back to normal' },
  }
}
