import type { DetectionLimit, DetectionSetting, DetectionView, DetectionZone } from '#contract/detection.ts'
import type { LocalizedText } from '#contract/text.ts'
import { HOUR } from '../instant.ts'
import type { Calibration } from './core/calibration.ts'
import { SETTINGS } from './catalogue.ts'
import { MODEL } from './core/finding.ts'
import { isStarting } from './makeup/hold-back.ts'
import type { MakeupState } from './core/makeup-state.ts'
import { DEVICE_RULES } from './rules/rules.ts'
import type { DetectionSettings } from './core/settings.ts'
import { soundBuckets } from './core/quarantine.ts'
import type { DetectorRun } from './core/context.ts'
import { HOURS_FOR_MODEL, ENOUGH_SENSORS } from './spatial/judge-zone.ts'
import { leakZones, type LeakZone } from './core/zones.ts'
import { figure, momentWords, sourceWords } from './core/words.ts'

type Watching = Pick<DetectorRun, 'state' | 'context'>

/** Every threshold with its budget and reason, and what each network can be watched for, and what not. */
export function detectionAccount(watching: Watching): DetectionView {
  const zones = leakZones(watching.context.network)
  return {
    model: MODEL,
    limits: limitsOf(watching),
    settings: settingsInForce(watching.context.settings),
    zones: zones.map((zone) => zoneAccount(watching, zone)),
  }
}

function settingsInForce(values: DetectionSettings): DetectionSetting[] {
  return Object.entries(SETTINGS).map(([key, definition]) => {
    const rule = DEVICE_RULES.find(({ settings }) => Object.hasOwn(settings, key))
    const value = values[key] ?? definition.default
    return { key, ...(rule === undefined ? {} : { rule: rule.name }), value, ...definition }
  })
}

function limitsOf({ state, context }: Watching): DetectionLimit[] {
  const { makeupThreshold, spatialLeast, sensorLeast, falseAlarmsPerSeason } = context.settings
  const limit = (statistic: DetectionLimit['statistic'], place: string, least: number, of: Calibration) => ({
    statistic,
    place,
    least,
    falseAlarmsPerSeason,
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

function reasonOf({ basis, maxima }: Calibration, budget: number): LocalizedText {
  const days = maxima.length
  const greatest = figure(Math.max(0, ...maxima))
  if (days === 0) {
    return {
      zh: '还没有学到一个无泄漏日,取下限(头一周加倍,逐日递减)',
      en: 'no quiet day learnt yet: the floor holds (twice as much at first, less day by day for a week)',
    }
  }
  switch (basis) {
    case 'floor':
      return {
        zh: `${days} 个无泄漏日的最大值 ${greatest} 低于限值下限,取下限(头一周加倍,逐日递减)`,
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
  const watched: LocalizedText[] = []
  const limits: LocalizedText[] = [...(response?.limits ?? [])]
  if (metered.length > 0) {
    const names = sourceWords(context.network, metered)
    watched.push({
      zh: `${names.zh} 的补水:任何漏水,不定位`,
      en: `make-up of ${names.en}: any loss of water, not located`,
    })
  } else {
    limits.push({
      zh: '没有补水读数:压力看不出的小泄漏无法发现',
      en: 'no make-up readings: leaks too small for pressures go unseen',
    })
  }
  limits.push(...metered.flatMap((id) => waitingWords(sourceWords(context.network, [id]), state.leaks[id])))
  if (modelled) {
    watched.push({
      zh: `${speaking.length} 个压力测点:约 20 t/h 以上的泄漏可定位,测点偏移、漂移、装反可识别`,
      en: `${speaking.length} pressure sensors: leaks from about 20 t/h are located; offset, drift and swapped sensors are named`,
    })
  } else limits.push(...whyNoModel(watch?.history.hours.length ?? 0, speaking.length))
  return {
    id: zone.id,
    sourceIds: [...zone.sourceIds],
    pressureSensors: zone.sensors.length,
    speaking: speaking.length,
    places: new Set(response?.places.map(({ assetId }) => assetId)).size,
    hoursLearnt: watch?.history.hours.length ?? 0,
    watched,
    limits,
  }
}

/** What a make-up that stays calm does not mean yet: said plainly, so that no silence looks like calm. */
function waitingWords(name: LocalizedText, watch: MakeupState | undefined): LocalizedText[] {
  if (watch === undefined) return []
  const words: LocalizedText[] = []
  if (isStarting(watch)) {
    words.push({
      zh: `${name.zh} 的补水随水温的规律尚在学习(最多一周):其间仅补水偏高,须压力或流量佐证,或持续半天,才报疑似泄漏`,
      en: `how the make-up of ${name.en} follows the water's temperature is still being learnt (a week at most): until then make-up alone is suspected only if pressures or flows bear it out, or if it lasts half a day`,
    })
  }
  if (watch.held !== undefined) {
    const { since, until, why, mostT } = watch.held
    const [excess] = watch.excess
    const perhaps = {
      start: { zh: '水温影响尚未学会', en: 'the answer to temperatures is not learnt yet' },
      cooling: { zh: '可能是水温变化所致', en: 'it may be the cooling of the water' },
      filling: { zh: '可能是灌水', en: 'it may be a filling' },
    }[why]
    words.push({
      zh: `${name.zh} 补水现多 ${figure(excess)} t/h,${momentWords(since)} 起等候佐证(${perhaps.zh});到 ${momentWords(until)} 或多补满 ${figure(mostT, 0)} t 仍未结束即报疑似泄漏`,
      en: `${name.en} draws ${figure(excess)} t/h too much and waits since ${momentWords(since)} for something to bear it out (${perhaps.en}); a leak is suspected if it has not ended by ${momentWords(until)} or after ${figure(mostT, 0)} t`,
    })
  }
  return words
}

function whyNoModel(hours: number, speaking: number): LocalizedText[] {
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
