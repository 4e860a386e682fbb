import type { Evidence } from '#contract/incident.ts'
import type { LocalizedText } from '#contract/text.ts'
import { HOUR, SECOND } from '../../instant.ts'
import { assetWords } from '../../network/assets.ts'
import type { Site } from '../core/context.ts'
import type { Finding } from '../core/finding.ts'
import type { Verdict } from '../core/hold-timer.ts'
import { emergency, evidenceOf, type Grounds } from '../core/make-finding.ts'
import { normalOf } from '../core/series.ts'
import { setting, settingsOf, type SettingDefinitions } from '../core/settings.ts'
import { observeStep, stepsOf } from './severity-steps.ts'
import { figure, momentWords } from '../core/words.ts'
import type { DeviceRule, Reached } from './rule.ts'

const SETTINGS = {
  stationDropMpa: setting(['二次网压力下降', 'Secondary pressure: drop'], 'MPa', 0.06, [0.01, 1]),
  stationDropShare: setting(
    ['二次网压力下降占平时', 'Secondary pressure: drop as a share of normal'],
    '',
    0.15,
    [0.02, 0.9],
  ),
  stationLowSupplyMpa: setting(
    ['二次网供水压力下限(无基线时)', 'Secondary supply pressure: lower limit without a baseline'],
    'MPa',
    0.2,
    [0, 2],
  ),
  stationLowReturnMpa: setting(
    ['二次网回水压力下限(无基线时)', 'Secondary return pressure: lower limit without a baseline'],
    'MPa',
    0.1,
    [0, 2],
  ),
  stationCollapseK: setting(
    ['二次网供水温度骤降', 'Secondary supply temperature: collapse'],
    'K',
    10,
    [2, 50],
  ),
  stationLowSupplyC: setting(
    ['二次网供水温度下限(无基线时)', 'Secondary supply temperature: lower limit without a baseline'],
    '°C',
    30,
    [0, 80],
  ),
  stationMakeupTh: setting(['二次网补水上升', 'Secondary make-up: rise'], 't/h', 1, [0.1, 100]),
  stationHoldS: setting(['换热站异常:持续时间', 'Station condition: held for'], 's', 300, [0, 7200]),
  stationClearHoldS: setting(
    ['换热站恢复:持续时间', 'Station back to normal: held for'],
    's',
    900,
    [0, 86400],
  ),
} as const satisfies SettingDefinitions

/** One signal that can say that the secondary side is at fault. */
interface StationSign {
  readonly rule: string
  readonly signal: string
  readonly unit: string
  readonly words: LocalizedText
}

/** Severity steps. Any of them is the same defect, so a second one only adds to the evidence. */
const SIGNS: readonly StationSign[] = [
  {
    rule: 'station.pressure',
    signal: 'secondary_return_mpa',
    unit: 'MPa',
    words: { zh: '二次网回水压力', en: 'secondary return pressure' },
  },
  {
    rule: 'station.pressure',
    signal: 'secondary_supply_mpa',
    unit: 'MPa',
    words: { zh: '二次网供水压力', en: 'secondary supply pressure' },
  },
  {
    rule: 'station.makeup',
    signal: 'makeup_flow_t_h',
    unit: 't/h',
    words: { zh: '二次网补水', en: 'secondary make-up' },
  },
  {
    rule: 'station.temperature',
    signal: 'secondary_supply_c',
    unit: '°C',
    words: { zh: '二次网供水温度', en: 'secondary supply temperature' },
  },
]

/** The secondary side of a station against its own baseline: pressure, make-up, supply temperature. */
export const station: DeviceRule = {
  name: 'station',
  at: ['station'],
  settings: SETTINGS,
  steps: SIGNS.length,
  frozen: [
    'primary_supply_c',
    'primary_return_c',
    'primary_flow_t_h',
    'secondary_supply_mpa',
    'secondary_return_mpa',
    'secondary_supply_c',
    'secondary_return_c',
    'makeup_flow_t_h',
  ],
  observe(site, values, when) {
    SIGNS.forEach((sign, step) => {
      const value = values[sign.signal]
      if (typeof value !== 'number') return
      observeStep(stepsOf(site, station).steps, step, verdictOf(site, sign, value), when)
    })
  },
  decide(site) {
    const { stationHoldS, stationClearHoldS } = settingsOf(site, SETTINGS)
    return { holds: SIGNS.map(() => stationHoldS * SECOND), clearMs: stationClearHoldS * SECOND }
  },
  describe: (site, reached) =>
    emergency(site, {
      id: `station:${site.device.id}:${reached.eventAt}`,
      family: 'station',
      ticketKind: 'hes_secondary',
      at: reached.at,
      eventAt: reached.eventAt,
      weight: site.run.context.settings.weightStation,
      grounds: groundsOf(site, reached),
    }),
  describeCleared: cleared,
}

/** How far a value may go, and whether it goes beyond by falling or by rising. */
function limitOf(
  site: Site,
  sign: StationSign,
): { readonly limit: number; readonly below: boolean; readonly normal?: number } {
  const s = settingsOf(site, SETTINGS)
  const normal = normalOf(site.device.series[sign.signal])
  switch (sign.signal) {
    case 'makeup_flow_t_h':
      return normal === undefined
        ? { limit: 5 * s.stationMakeupTh, below: false }
        : { limit: normal + Math.max(s.stationMakeupTh, normal), below: false, normal }
    case 'secondary_supply_c':
      return normal === undefined
        ? { limit: s.stationLowSupplyC, below: true }
        : { limit: normal - s.stationCollapseK, below: true, normal }
    default: {
      if (normal !== undefined) {
        const drop = Math.max(s.stationDropMpa, s.stationDropShare * normal)
        return { limit: normal - drop, below: true, normal }
      }
      const low = sign.signal === 'secondary_return_mpa' ? s.stationLowReturnMpa : s.stationLowSupplyMpa
      return { limit: low, below: true }
    }
  }
}

function verdictOf(site: Site, sign: StationSign, value: number): Verdict {
  const { limit, below, normal } = limitOf(site, sign)
  const bad = below ? value < limit : value > limit
  if (bad) {
    if (sign.signal === 'secondary_supply_c') return primaryIsFine(site) ? 'bad' : 'between'
    return normal === undefined && !isHeating(site) ? 'between' : 'bad'
  }
  if (normal === undefined) return 'ok'
  // Half-way back to normal is back to normal.
  const half = (limit + normal) / 2
  return (below ? value >= half : value <= half) ? 'ok' : 'between'
}

/** Before the season the secondary side is empty or being filled: low pressure is no news there. */
function isHeating(site: Site): boolean {
  const supply = site.device.series['secondary_supply_c']
  return supply === undefined || supply.value >= settingsOf(site, SETTINGS).stationLowSupplyC
}

/** Cold on both sides is the source's matter, or summer. */
function primaryIsFine(site: Site): boolean {
  const supply = primarySeries(site, 'primary_supply_c')
  if (supply === undefined) return false
  const normal = normalOf(supply)
  const secondary = site.device.series['secondary_supply_c']?.value ?? 0
  if (normal === undefined) return supply.value > secondary + 20
  return supply.value > normal - settingsOf(site, SETTINGS).stationCollapseK
}

/** The primary side may be measured by another device of the same station. */
function primarySeries(site: Site, signal: string) {
  const { state, context } = site.run
  const own = site.device.series[signal]
  if (own !== undefined) return own
  const devices = site.asset.kind === 'station' ? (site.asset.devices ?? []) : []
  const now = site.device.heardAt
  for (const { id } of devices) {
    const series =
      context.network.devices.has(id) && Object.hasOwn(state.devices, id)
        ? state.devices[id]?.series[signal]
        : undefined
    if (series !== undefined && now - series.at < HOUR) return series
  }
  return undefined
}

function groundsOf(site: Site, { step, at, eventAt }: Reached): Grounds {
  const sign = SIGNS[step] ?? SIGNS[0]
  if (sign === undefined) throw new Error(`no sign at step ${step}`)
  const { limit, below, normal } = limitOf(site, sign)
  const value = site.device.series[sign.signal]?.value ?? limit
  const name = assetWords(site.asset)
  const digits = sign.unit === 'MPa' ? 3 : 1
  const usual: LocalizedText =
    normal === undefined
      ? { zh: '尚无基线,按绝对限值判断', en: 'no baseline yet, judged by absolute limits' }
      : {
          zh: `平时 ${figure(normal, digits)} ${sign.unit}`,
          en: `normally ${figure(normal, digits)} ${sign.unit}`,
        }
  return {
    rule: sign.rule,
    sentence: {
      zh: `${name.zh} ${sign.words.zh}${below ? '降至' : '升至'} ${figure(value, digits)} ${sign.unit},${usual.zh},自 ${momentWords(eventAt)} 起`,
      en: `${name.en}: ${sign.words.en} ${below ? 'fell' : 'rose'} to ${figure(value, digits)} ${sign.unit}, ${usual.en}, since ${momentWords(eventAt)}`,
    },
    statistic: sign.signal,
    value,
    threshold: limit,
    unit: sign.unit,
    observed: value,
    ...(normal === undefined ? {} : { baseline: normal }),
    windowS: Math.max(Math.round((at - eventAt) / SECOND), 0),
    signals: [sign.signal],
    rejected: [
      { zh: '瞬时波动:已持续超过确认时间', en: 'a fluctuation: it has lasted for the confirming time' },
    ],
  }
}

function cleared(site: Site, raised: Finding): Evidence {
  const sign = SIGNS.find((one) => one.signal === raised.evidence.statistic)
  const value = site.device.series[raised.evidence.statistic]?.value ?? 0
  const name = assetWords(site.asset)
  const shown = `${figure(value, 3)} ${sign?.unit ?? ''}`
  return evidenceOf(
    { deviceId: site.device.id, assetId: site.asset.id },
    {
      rule: raised.evidence.rule,
      sentence: {
        zh: `${name.zh} ${sign?.words.zh ?? ''}恢复正常:${shown}`,
        en: `${name.en}: ${sign?.words.en ?? ''} is back to normal, ${shown}`,
      },
      statistic: raised.evidence.statistic,
      value,
      threshold: raised.evidence.threshold,
    },
  )
}
