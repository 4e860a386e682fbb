import { assetWords } from '../../network/assets.ts'
import { MINUTE } from '../../instant.ts'
import { offlineAfterMs } from '../health/offline-limit.ts'
import { evidenceOf, upkeep } from '../core/make-finding.ts'
import { setting, settingsOf, type SettingDefinitions } from '../core/settings.ts'
import { observeStep, stepsOf } from './severity-steps.ts'
import { figure, momentWords, spanWords } from '../core/words.ts'
import type { DeviceRule } from './rule.ts'

const SIGNAL = 'secondary_return_c'

const SETTINGS = {
  hotReturnC: setting(['二次网回水温度过高', 'Secondary return too hot: temperature'], '°C', 60, [30, 90]),
  hotReturnClearBelowK: setting(
    ['二次网回水温度恢复:低于限值', 'Secondary return back to normal: below the limit by'],
    'K',
    3,
    [0, 20],
  ),
  hotReturnHoldMin: setting(
    ['二次网回水温度过高:持续时间', 'Secondary return too hot: held for'],
    'min',
    60,
    [1, 1440],
  ),
  hotReturnClearHoldMin: setting(
    ['二次网回水温度恢复:持续时间', 'Secondary return back to normal: held for'],
    'min',
    30,
    [0, 1440],
  ),
} as const satisfies SettingDefinitions

/** A secondary return that stays hot: the regulator of the station is stuck open and heat is wasted. */
export const hotReturn: DeviceRule = {
  name: 'hotReturn',
  at: ['station'],
  settings: SETTINGS,
  steps: 1,
  frozen: [],
  observe(site, values, when) {
    const value = values[SIGNAL]
    if (typeof value !== 'number') return
    const { hotReturnC, hotReturnClearBelowK } = settingsOf(site, SETTINGS)
    const { steps } = stepsOf(site, hotReturn)
    // Two readings with a silence between them do not say that it stayed hot.
    const longest = offlineAfterMs(site.placed, site.run.context.settings)
    for (const timer of steps) if (when.at - timer.badLast > longest) timer.badSince = 0
    const verdict = value > hotReturnC ? 'bad' : value <= hotReturnC - hotReturnClearBelowK ? 'ok' : 'between'
    observeStep(steps, 0, verdict, when)
  },
  decide(site) {
    const { hotReturnHoldMin, hotReturnClearHoldMin } = settingsOf(site, SETTINGS)
    return { holds: [hotReturnHoldMin * MINUTE], clearMs: hotReturnClearHoldMin * MINUTE, bySamples: true }
  },
  describe(site, { at, eventAt }) {
    const { hotReturnC } = settingsOf(site, SETTINGS)
    const value = site.device.series[SIGNAL]?.value ?? hotReturnC
    const name = assetWords(site.asset)
    const span = spanWords(at - eventAt)
    return upkeep(site, {
      at,
      eventAt,
      grounds: {
        rule: 'station.hot_return',
        sentence: {
          zh: `${name.zh} 二次网回水 ${figure(value)} °C,自 ${momentWords(eventAt)} 起一直高于 ${figure(hotReturnC)} °C(${span.zh}),疑似调节阀卡在开位`,
          en: `${name.en}: the secondary return is at ${figure(value)} °C and has been above ${figure(hotReturnC)} °C since ${momentWords(eventAt)} (${span.en}); the regulator is probably stuck open`,
        },
        statistic: SIGNAL,
        value,
        threshold: hotReturnC,
        unit: '°C',
        observed: value,
        windowS: Math.round((at - eventAt) / 1000),
        signals: [SIGNAL],
        rejected: [
          {
            zh: '偶然读数:其间每次读数都高于限值',
            en: 'a chance reading: every reading since then was above the limit',
          },
        ],
      },
    })
  },
  describeCleared(site, raised) {
    const value = site.device.series[SIGNAL]?.value ?? 0
    const name = assetWords(site.asset)
    return evidenceOf(
      { deviceId: site.device.id, assetId: site.asset.id },
      {
        rule: raised.evidence.rule,
        sentence: {
          zh: `${name.zh} 二次网回水恢复正常:${figure(value)} °C`,
          en: `${name.en}: the secondary return is back to normal at ${figure(value)} °C`,
        },
        statistic: SIGNAL,
        value,
        threshold: raised.evidence.threshold,
      },
    )
  },
}
