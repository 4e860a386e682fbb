import type { Evidence } from '#contract/incident.ts'
import type { LocalizedText } from '#contract/text.ts'
import { assetWords } from '../../network/assets.ts'
import { SECOND } from '../../instant.ts'
import { CHAMBER_SETTINGS, signsOf, type ChamberReading } from './chamber-signs.ts'
import type { Finding } from '../core/finding.ts'
import { evidenceOf, type Grounds } from '../core/make-finding.ts'
import type { Site } from '../core/context.ts'
import { baselineOf, normalOf } from '../core/series.ts'
import { settingsOf } from '../core/settings.ts'
import { figure, momentWords } from '../core/words.ts'
import type { Reached } from './rule.ts'

/**
 * Severity steps, from light to grave: suspected by one signal (held), by two (at once); steam or
 * gushing by one signal (held), by two (at once); the device's own alarm.
 */
export const SUSPECT_HELD = 0
export const SUSPECT = 1
export const VENT_HELD = 2
export const VENT = 3
export const EVENT = 4
export const STEPS = 5

/** The figures and the sentence of a chamber finding. */
export function chamberGrounds(site: Site, { step, at, eventAt }: Reached): Grounds {
  const settings = settingsOf(site, CHAMBER_SETTINGS)
  const { series } = site.device
  const reading: ChamberReading = {
    temperature: series['chamber_c']?.value,
    humidity: series['humidity_pct']?.value,
    level: series['water_level_m']?.value,
  }
  const signs = signsOf(site, reading)
  const vent = step === VENT || step === VENT_HELD
  const normal = baselineOf(series['chamber_c'])
  const byLevel = step === EVENT || signs.gushing || (!signs.hot && !signs.humid)
  const verdict: LocalizedText =
    step === EVENT
      ? { zh: '设备报警:井内有水', en: 'the device reports water in the well' }
      : vent && signs.gushing
        ? { zh: '井内冒水', en: 'water is gushing' }
        : vent
          ? { zh: '井内冒汽', en: 'steam is venting' }
          : { zh: '疑似井内泄漏', en: 'a leak in the well is suspected' }
  const name = assetWords(site.asset)
  const facts = factsOf(reading, normal?.value)
  return {
    rule:
      step === EVENT ? 'well.water' : vent ? (signs.gushing ? 'well.gushing' : 'well.steam') : 'well.suspect',
    sentence: {
      zh: `${name.zh} ${verdict.zh}:${facts.zh},自 ${momentWords(eventAt)} 起`,
      en: `${name.en}: ${verdict.en}; ${facts.en}, since ${momentWords(eventAt)}`,
    },
    ...(byLevel
      ? {
          statistic: 'water_level_m',
          value: reading.level ?? 1,
          threshold: vent ? settings.wellGushShare * settings.wellDepthM : settings.wellLevelM,
          unit: 'm',
          signals: ['water_level_m'],
        }
      : {
          statistic: normal === undefined ? 'chamber_c' : 'chamber_rise_k',
          value: normal === undefined ? (reading.temperature ?? 0) : (signs.rise ?? 0),
          threshold: normal === undefined ? settings.chamberSteamC : settings.chamberRiseK,
          unit: normal === undefined ? '°C' : 'K',
          ...(normal === undefined ? {} : { baseline: normal.value }),
          ...(reading.temperature === undefined ? {} : { observed: reading.temperature }),
          signals: reading.humidity === undefined ? ['chamber_c'] : ['chamber_c', 'humidity_pct'],
        }),
    windowS: Math.max(Math.round((at - eventAt) / SECOND), 0),
    rejected: [
      {
        zh: '传感器断线:读数不在量程端点',
        en: 'an open circuit: the reading is not at the end of its range',
      },
      { zh: '全网升温:同网其他井室没有同样升高', en: 'a warmer network: other chambers did not rise alike' },
    ],
  }
}

function factsOf(reading: ChamberReading, normal: number | undefined): LocalizedText {
  const zh: string[] = []
  const en: string[] = []
  if (reading.temperature !== undefined) {
    zh.push(`井室 ${figure(reading.temperature)} °C`)
    en.push(`chamber ${figure(reading.temperature)} °C`)
    zh.push(normal === undefined ? '尚无基线,按绝对限值判断' : `平时 ${figure(normal)} °C`)
    en.push(
      normal === undefined ? 'no baseline yet, judged by absolute limits' : `normally ${figure(normal)} °C`,
    )
  }
  if (reading.humidity !== undefined) {
    zh.push(`湿度 ${figure(reading.humidity, 0)} %`)
    en.push(`humidity ${figure(reading.humidity, 0)} %`)
  }
  if (reading.level !== undefined) {
    zh.push(`水位 ${figure(reading.level, 2)} m`)
    en.push(`water level ${figure(reading.level, 2)} m`)
  }
  return { zh: zh.join(','), en: en.join(', ') }
}

/** What the chamber measures once it is normal again. */
export function clearedChamber(site: Site, raised: Finding): Evidence {
  const { series } = site.device
  const facts = factsOf(
    {
      temperature: series['chamber_c']?.value,
      humidity: series['humidity_pct']?.value,
      level: series['water_level_m']?.value,
    },
    normalOf(series['chamber_c']),
  )
  const name = assetWords(site.asset)
  return evidenceOf(
    { deviceId: site.device.id, assetId: site.asset.id },
    {
      rule: raised.evidence.rule,
      sentence: {
        zh: `${name.zh} 井室恢复正常:${facts.zh}`,
        en: `${name.en}: the chamber is back to normal; ${facts.en}`,
      },
      statistic: raised.evidence.statistic,
      value: series['chamber_c']?.value ?? 0,
      threshold: raised.evidence.threshold,
    },
  )
}
