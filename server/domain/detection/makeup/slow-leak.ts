import type { SlowLeakState } from '../core/makeup-state.ts'
import { DAY, type Instant } from '../../instant.ts'
import { assetWords } from '../../network/assets.ts'
import type { EmergencyFinding } from '../core/finding.ts'
import type { MakeupState } from '../core/makeup-state.ts'
import { evidenceOf, weighed } from '../core/make-finding.ts'
import type { Site } from '../core/context.ts'
import { QUARTERS_OF_DAY, median, robustSigma } from '../core/series.ts'
import { zoneOfSource } from '../core/zones.ts'
import { figure, momentWords } from '../core/words.ts'

const DAYS_KEPT = 28
/** Days before that a judgement needs, calm quarter hours that a day needs, and days in a row that say so. */
const ENOUGH_DAYS = 7
const ENOUGH_QUARTERS = QUARTERS_OF_DAY / 2
const IN_A_ROW = 2
const SIGNALS = ['makeup_flow_t_h'] as const

interface Calm {
  readonly quarter: number
  readonly corrected: number
  readonly receivedAt: Instant
}

/**
 * Takes in one calm quarter hour of the corrected make-up [t/h]. A leak that grows too slowly for the sum
 * of a day is seen in 24-h means against the 28 days before.
 */
export function judgeSlowLeak(site: Site, watch: MakeupState, calm: Calm): void {
  const day = Math.floor(calm.quarter / QUARTERS_OF_DAY)
  const slow = (watch.slow ??= { open: [day, 0, 0], days: [], excess: [0, 0], beyond: 0 })
  if (slow.open[0] !== day) {
    const [closed, mean, count] = slow.open
    const endAt = watch.anchor + (closed + 1) * DAY
    if (count >= ENOUGH_QUARTERS) closeDay(site, watch, slow, { ...calm, mean, endAt })
    // A day of which too little is known, or none at all, is no day in a row.
    if (count < ENOUGH_QUARTERS || day > closed + 1) slow.beyond = 0
    slow.open = [day, 0, 0]
  }
  const [, mean, count] = slow.open
  slow.open = [day, mean + (calm.corrected - mean) / (count + 1), count + 1]
}

interface Day extends Calm {
  readonly mean: number
  readonly endAt: Instant
}

function closeDay(site: Site, watch: MakeupState, slow: SlowLeakState, day: Day): void {
  const { days } = slow
  if (days.length >= ENOUGH_DAYS) {
    const { makeupSigmaFloorTh, makeupSigmaFloorShare, makeupSlowZ } = site.run.context.settings
    // Against the older half: what has been growing for two weeks is in the newer one.
    const usual = median(days.slice(0, Math.max(ENOUGH_DAYS, Math.ceil(days.length / 2))))
    // From one day to the next: a leak that has been growing must not hide in how far the days stray.
    const steps = days.slice(1).map((mean, n) => mean - (days[n] ?? mean))
    const sigma = Math.max(
      makeupSigmaFloorTh,
      makeupSigmaFloorShare * Math.abs(usual),
      robustSigma(steps, 0) / Math.SQRT2,
    )
    slow.excess = [day.mean - usual, sigma]
    slow.excessAt = day.endAt
    const shared = sharedExcess(site, slow, day.endAt)
    const beyond = Math.min(day.mean - usual, shared) > makeupSlowZ * sigma
    slow.beyond = beyond ? slow.beyond + 1 : 0
    if (slow.raised !== undefined) calmDown(site, slow, makeupSlowZ * sigma, day)
    else if (slow.beyond >= IN_A_ROW && watch.raised === undefined) {
      raise(site, slow, { ...day, usual, sigma, limit: makeupSlowZ })
    }
  }
  days.push(Number(day.mean.toFixed(3)))
  if (days.length > DAYS_KEPT) days.shift()
}

/** What one source of a network draws more, another may draw less; one that has fallen silent says nothing. */
function sharedExcess({ run, asset }: Site, slow: SlowLeakState, endAt: Instant): number {
  const ids = zoneOfSource(run.context.network).get(asset.id)?.sourceIds ?? []
  const others = ids.flatMap((id) => {
    const other =
      id !== asset.id && Object.hasOwn(run.state.leaks, id) ? run.state.leaks[id]?.slow : undefined
    return other?.excessAt === undefined || Math.abs(endAt - other.excessAt) > DAY ? [] : other.excess[0]
  })
  return others.reduce((sum, off) => sum + off, slow.excess[0])
}

function raise(
  site: Site,
  slow: SlowLeakState,
  day: Day & { readonly usual: number; readonly sigma: number; readonly limit: number },
): void {
  const { run, asset, device } = site
  const { mean, usual, sigma, limit, endAt, receivedAt } = day
  const name = assetWords(asset)
  const eventAt = endAt - IN_A_ROW * DAY
  const excess = figure(mean - usual)
  const finding: EmergencyFinding = {
    kind: 'emergency',
    id: `makeup-slow:${asset.id}:${eventAt}`,
    phase: 'raised',
    family: 'leak',
    ticketKind: 'primary_leak',
    rule: 'leak.makeup',
    at: receivedAt,
    eventAt,
    deviceId: device.id,
    located: false,
    candidates: [],
    logOdds: weighed(site, run.context.settings.weightMakeup, SIGNALS),
    evidence: evidenceOf(
      { deviceId: device.id, assetId: asset.id },
      {
        rule: 'leak.makeup',
        sentence: {
          zh: `${name.zh} 24 小时平均补水 ${figure(mean)} t/h(已扣除水温收缩),此前 28 天平时 ${figure(usual)} t/h,多 ${excess} t/h,至少自 ${momentWords(eventAt)} 起连续两天;可能是缓慢扩大的泄漏,位置未定,请核对补水表`,
          en: `${name.en}: make-up water ${figure(mean)} t/h over 24 hours (cooling taken off), normally ${figure(usual)} t/h in the 28 days before, ${excess} t/h too much for two days, since ${momentWords(eventAt)} at least; perhaps a leak that grows slowly, not located; check the meter`,
        },
        statistic: 'z',
        value: (mean - usual) / sigma,
        threshold: limit,
        observed: mean,
        baseline: usual,
        sigma,
        windowS: DAY / 1000,
        unit: 't/h',
        signals: SIGNALS,
        rejected: [
          { zh: '灌水:数小时即结束,不会连续两天', en: 'a filling: it ends within hours, not after two days' },
        ],
      },
    ),
  }
  slow.raised = finding
  run.findings.push(finding)
}

/** Half-way back to the usual, which after weeks is what it has become. */
function calmDown(
  { run, asset }: Site,
  slow: SlowLeakState,
  limitTh: number,
  { mean, receivedAt }: Day,
): void {
  const { raised } = slow
  if (raised === undefined || slow.excess[0] > limitTh / 2) return
  const name = assetWords(asset)
  const flow = figure(mean)
  run.findings.push({
    ...raised,
    phase: 'cleared',
    at: receivedAt,
    evidence: {
      ...raised.evidence,
      sentence: {
        zh: `${name.zh} 24 小时平均补水恢复平时水平:${flow} t/h`,
        en: `${name.en}: make-up water over 24 hours is back to the usual, ${flow} t/h`,
      },
    },
  })
  delete slow.raised
}
