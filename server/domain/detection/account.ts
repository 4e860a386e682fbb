import type { DetectionLimit, DetectionView, DetectionZone } from '#contract/detection.ts'
import type { Sentence } from '#contract/incident.ts'
import { HOUR } from '../instant.ts'
import type { Calibration } from './calibration.ts'
import { MODEL } from './catalogue.ts'
import { soundBuckets } from './quarantine.ts'
import type { Run } from './run.ts'
import { HOURS_FOR_MODEL, ENOUGH_SENSORS } from './spatial/judge-zone.ts'
import { leakZones, type LeakZone } from './spatial/zones.ts'
import { figure } from './words.ts'

type Watching = Pick<Run, 'state' | 'context'>

/** Every threshold with its budget and reason, and what each network can be watched for, and what not. */
export function detectionAccount(watching: Watching): DetectionView {
  const zones = leakZones(watching.context.network)
  return {
    model: MODEL,
    limits: limitsOf(watching),
    zones: zones.map((zone) => zoneAccount(watching, zone)),
  }
}

function limitsOf({ state, context }: Watching): DetectionLimit[] {
  const { makeupThreshold, spatialLeast, sensorLeast, falseAlarmsPerSeason } = context.settings
  const limit = (statistic: DetectionLimit['statistic'], place: string, least: number, of: Calibration) => ({
    ...{ statistic, place, least, falseAlarmsPerSeason },
    threshold: of.threshold,
    basis: of.basis,
    daysLearnt: of.maxima.length,
    reason: reasonOf(of, falseAlarmsPerSeason),
  })
  return [
    ...Object.entries(state.leaks).map(([id, { calibration }]) =>
      limit('makeup', id, makeupThreshold, calibration),
    ),
    ...Object.values(state.zones).flatMap(({ id, leak, sensor }) => [
      limit('leak', id, spatialLeast, leak),
      limit('sensor', id, sensorLeast, sensor),
    ]),
  ]
}

function reasonOf({ basis, maxima }: Calibration, budget: number): Sentence {
  const days = maxima.length
  const greatest = figure(Math.max(0, ...maxima))
  switch (basis) {
    case 'floor':
      return {
        zh: `${days} 个无泄漏日的最大值 ${greatest} 低于限值下限,取下限(头一周加倍至渐减)`,
        en: `the greatest of ${days} quiet days, ${greatest}, lies below the floor, which holds (more in the first week)`,
      }
    case 'conformal':
      return {
        zh: `取 ${days} 个无泄漏日的最大值 ${greatest} 加裕量`,
        en: `the greatest of ${days} quiet days, ${greatest}, and a margin`,
      }
    case 'gumbel':
      return {
        zh: `由 ${days} 个无泄漏日的每日最大值推算(Gumbel),每采暖季允许误报 ${budget} 次`,
        en: `extrapolated from the maxima of ${days} quiet days (Gumbel) for ${budget} false alarms a season`,
      }
  }
}

function zoneAccount({ state, context }: Watching, zone: LeakZone): DetectionZone {
  const watch = Object.hasOwn(state.zones, zone.id) ? state.zones[zone.id] : undefined
  const response = context.responses?.get(zone.id)
  const speaking = zone.sensors.filter(({ deviceId, signal }) =>
    isSpeaking({ state, context }, deviceId, signal),
  )
  const metered = zone.sourceIds.filter((id) => (state.leaks[id]?.excessAt ?? 0) > 0)
  const modelled = watch?.model !== undefined && speaking.length >= ENOUGH_SENSORS
  const watched: Sentence[] = []
  const limits: Sentence[] = [...(response?.limits ?? [])]
  if (metered.length > 0) {
    watched.push({
      zh: `${metered.join('、')} 的补水:任何漏水,不定位`,
      en: `make-up of ${metered.join(', ')}: any loss of water, not located`,
    })
  } else {
    limits.push({
      zh: '没有补水读数:压力看不出的小泄漏无法发现',
      en: 'no make-up readings: leaks too small for pressures go unseen',
    })
  }
  if (modelled) {
    watched.push({
      zh: `${speaking.length} 个压力测点:约 20 t/h 以上的泄漏可定位,测点偏移、漂移、装反可识别`,
      en: `${speaking.length} pressure sensors: leaks from about 20 t/h are located; offset, drift and swapped sensors are named`,
    })
  } else limits.push(...whyNoModel(watch?.history.hours.length ?? 0, speaking.length))
  return {
    ...{ id: zone.id, sourceIds: [...zone.sourceIds], pressureSensors: zone.sensors.length },
    ...{ speaking: speaking.length, places: new Set(response?.places.map(({ assetId }) => assetId)).size },
    ...{ hoursLearnt: watch?.history.hours.length ?? 0, watched, limits },
  }
}

function whyNoModel(hours: number, speaking: number): Sentence[] {
  if (speaking < ENOUGH_SENSORS) {
    return [
      {
        zh: `只有 ${speaking} 个可信的压力测点,少于 ${ENOUGH_SENSORS} 个:分不清泄漏与测点故障,也不能定位`,
        en: `only ${speaking} pressure sensors can be believed, fewer than ${ENOUGH_SENSORS}: a leak and a faulty sensor cannot be told apart, nor a leak located`,
      },
    ]
  }
  return [
    {
      zh: `压力只有 ${hours} 小时历史,满 ${HOURS_FOR_MODEL} 小时前各测点只与自身平时值比较`,
      en: `only ${hours} hours of pressures yet: until ${HOURS_FOR_MODEL} each sensor is judged against its own past`,
    },
  ]
}

function isSpeaking({ state, context }: Watching, deviceId: string, signal: string): boolean {
  const at = state.devices[deviceId]?.series[signal]?.at ?? 0
  const sound = soundBuckets({ state, context, findings: [] }, deviceId, signal) !== undefined
  return sound && state.now - at <= HOUR
}
