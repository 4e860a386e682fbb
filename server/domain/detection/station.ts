import type { Evidence, Sentence } from '#contract/incident.ts'
import { assetWords } from '../network/assets.ts'
import { HOUR, SECOND, type Instant } from '../instant.ts'
import type { EmergencyFinding } from './finding.ts'
import { createLadder, ladderDue, see, settleLadder, type LadderRule, type Raising } from './ladder.ts'
import { emergency, evidenceOf, type Grounds } from './make-finding.ts'
import type { Site, When } from './run.ts'
import { normalOf } from './series.ts'
import { figure, momentWords } from './words.ts'
import type { Verdict } from './watch.ts'

/** One signal that can say that the secondary side is at fault. */
interface StationSign {
  readonly rule: string
  readonly signal: string
  readonly unit: string
  readonly words: Sentence
}

/** Steps of the ladder. Any of them is the same defect, so a second one only adds to the evidence. */
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

/** Secondary side of a station against its own baseline (detection.md §2, policy.md 3(3)). */
export function observeStation(
  site: Site,
  values: Readonly<Record<string, number | boolean>>,
  when: When,
): void {
  SIGNS.forEach((sign, step) => {
    const value = values[sign.signal]
    if (typeof value !== 'number') return
    const ladder = (site.device.station ??= createLadder(SIGNS.length))
    see(ladder, step, verdictOf(site, sign, value), when)
  })
}

export function settleStation(site: Site, now: Instant): void {
  settleLadder(site, site.device.station, ruleOf, now)
}

export function stationDue(site: Site, now: Instant): Instant | undefined {
  return ladderDue(site, site.device.station, ruleOf, now)
}

/** How far a value may go, and whether it goes beyond by falling or by rising. */
function limitOf(
  site: Site,
  sign: StationSign,
): { readonly limit: number; readonly below: boolean; readonly normal?: number } {
  const s = site.run.context.settings
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
  if (bad) return sign.signal === 'secondary_supply_c' && !primaryIsFine(site) ? 'between' : 'bad'
  if (normal === undefined) return 'ok'
  // Half-way back to normal is back to normal.
  const half = (limit + normal) / 2
  return (below ? value >= half : value <= half) ? 'ok' : 'between'
}

/** Cold on both sides is the source's matter, or summer. */
function primaryIsFine(site: Site): boolean {
  const supply = primarySeries(site, 'primary_supply_c')
  if (supply === undefined) return false
  const normal = normalOf(supply)
  const secondary = site.device.series['secondary_supply_c']?.value ?? 0
  if (normal === undefined) return supply.value > secondary + 20
  return supply.value > normal - site.run.context.settings.stationCollapseK
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

function ruleOf(site: Site): LadderRule {
  const settings = site.run.context.settings
  const hold = settings.stationHoldS * SECOND
  return {
    holds: SIGNS.map(() => hold),
    clearMs: settings.stationClearHoldS * SECOND,
    raise: (step, at, eventAt) => raise(site, step, at, eventAt),
    cleared: (raised) => cleared(site, raised),
  }
}

function raise(site: Site, step: number, at: Instant, eventAt: Instant): Raising {
  const { run, device } = site
  const newest = Math.max(...(device.station?.steps.map((watch) => watch.badLast) ?? [at]))
  if (at - newest > run.context.settings.lateEventH * HOUR) return 'too_late'
  return emergency(site, {
    id: `station:${device.id}:${eventAt}`,
    family: 'station',
    ticketKind: 'hes_secondary',
    at,
    eventAt,
    weight: run.context.settings.weightStation,
    grounds: groundsOf(site, step, at, eventAt),
  })
}

function groundsOf(site: Site, step: number, at: Instant, eventAt: Instant): Grounds {
  const sign = SIGNS[step] ?? SIGNS[0]
  if (sign === undefined) throw new Error(`no sign at step ${step}`)
  const { limit, below, normal } = limitOf(site, sign)
  const value = site.device.series[sign.signal]?.value ?? limit
  const name = assetWords(site.asset)
  const digits = sign.unit === 'MPa' ? 3 : 1
  const usual: Sentence =
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

function cleared(site: Site, raised: EmergencyFinding): Evidence {
  const sign = SIGNS.find((one) => one.signal === raised.evidence.statistic)
  const value = site.device.series[raised.evidence.statistic]?.value ?? 0
  const name = assetWords(site.asset)
  const shown = `${figure(value, 3)} ${sign?.unit ?? ''}`
  return evidenceOf(
    { deviceId: site.device.id, assetId: site.asset.id },
    {
      rule: raised.rule,
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
