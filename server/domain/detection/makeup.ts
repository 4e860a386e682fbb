import type { Instant } from '../instant.ts'
import { observeStatistic, type Budget } from './calibration.ts'
import type { DetectionSettings } from './catalogue.ts'
import type { EmergencyFinding } from './finding.ts'
import { createLeakWatch, type LeakWatch, type QuarterFlow } from './leak-state.ts'
import { evidenceOf, weighed } from './make-finding.ts'
import { groundsOf, type Excess } from './makeup-words.ts'
import type { Site } from './run.ts'
import { BUCKET_MS, median, robustSigma } from './series.ts'
import { learnThermal, thermalMoment, type Contraction } from './thermal.ts'
import { assetWords, figure } from './words.ts'

const QUARTERS_OF_DAY = 96
const DAYS = 7
const QUARTERS_OF_HOUR = 4
/** Judged quarter hours that a baseline needs: two hours; of the same hour of the day: one day. */
const ENOUGH_PAST = 8
const ENOUGH_SAME_HOUR = 5
const CALM_QUARTERS = 4
/** On the first day the daily course is unknown, and may be so large a part of the usual flow. */
const UNKNOWN_COURSE = 0.25
/** How well the water that cooling draws is known. */
const COOLING_SHARE = 0.2
/** A meter that reads no more than this is shut. */
const NOTHING_TH = 0.1
/** However restless a meter, a loss of some t/h that lasts three hours is said. */
const MOST_SHARE = 4
const BURST_SIGMAS = 6
const BURST_COOLING_SHARE = 0.5

interface When {
  readonly at: Instant
  readonly receivedAt: Instant
}

export function makeupBudget(settings: DetectionSettings): Budget {
  const { makeupThreshold: least, falseAlarmsPerSeason: perSeason } = settings
  return { least, most: MOST_SHARE * least, perSeason }
}

/** Takes in one sample of a source; each quarter hour of its own time that is over is judged once. */
export function observeSource(site: Site, makeup: number | undefined, when: When): void {
  const { leaks } = site.run.state
  const known = Object.hasOwn(leaks, site.asset.id) ? leaks[site.asset.id] : undefined
  const watch = known ?? createLeakWatch(when.at, makeupBudget(site.run.context.settings))
  leaks[site.asset.id] = watch
  const quarter = Math.floor((when.at - watch.anchor) / BUCKET_MS)
  if (quarter < 0) return
  for (let passed = 0; watch.quarter < quarter; passed += 1) {
    // Behind the last readings there is nothing to judge.
    if (passed > QUARTERS_OF_HOUR) watch.quarter = quarter
    else {
      judgeQuarter(site, watch, watch.quarter, when)
      watch.quarter += 1
    }
  }
  if (makeup !== undefined) addFlow(watch, quarter, makeup)
}

function addFlow(watch: LeakWatch, quarter: number, makeup: number): void {
  let entry = watch.flows.find((flow) => flow.quarter === quarter)
  if (entry === undefined) {
    entry = { quarter, makeup: 0, readings: 0 }
    const kept = watch.flows.filter((flow) => flow.quarter > quarter - QUARTERS_OF_HOUR - 1)
    watch.flows = [...kept, entry]
  }
  entry.readings += 1
  entry.makeup += (makeup - entry.makeup) / entry.readings
}

function judgeQuarter(site: Site, watch: LeakWatch, quarter: number, when: When): void {
  const at = watch.anchor + (quarter + 1) * BUCKET_MS
  const thermal = thermalMoment(site.run, site.asset.id, watch.thermal, { at, quarter })
  if (thermal !== undefined) watch.thermal = thermal.watch
  const hour = watch.flows.filter(
    (flow) => flow.quarter > quarter - QUARTERS_OF_HOUR && flow.quarter <= quarter,
  )
  const newest = hour.find((flow) => flow.quarter === quarter)
  if (newest !== undefined && thermal?.moment !== undefined) newest.contraction = thermal.moment.contraction
  if (hour.length < QUARTERS_OF_HOUR - 1) return
  const alarmed = judgeBalance(site, watch, { quarter, at, hour, receivedAt: when.receivedAt })
  if (alarmed || newest === undefined || thermal?.moment === undefined) return
  learnThermal(thermal.watch, thermal.moment.row, newest.makeup)
}

interface Balance {
  readonly quarter: number
  readonly at: Instant
  readonly receivedAt: Instant
  /** The last quarter hours, three at least. */
  readonly hour: readonly QuarterFlow[]
}

const mean = (hour: readonly QuarterFlow[], of: (flow: QuarterFlow) => number): number =>
  hour.reduce((sum, flow) => sum + of(flow), 0) / hour.length

/**
 * S ← max(0, S + clip(z, −3, 5) − 0.75) on 1-h means every 15 min (detection.md §2 “Change”). Says whether
 * it is on the way to an alarm: then nothing of it is learnt.
 */
function judgeBalance(site: Site, watch: LeakWatch, balance: Balance): boolean {
  const { settings } = site.run.context
  const { hour, quarter, at } = balance
  const measured = mean(hour, ({ makeup }) => makeup)
  const contraction = contractionOver(hour)
  const corrected = measured - (contraction?.flowTh ?? 0)
  const { usual, spread } = usualOf(watch, quarter)
  const off = usual === undefined ? 0 : isShut(hour) ? Math.min(0, corrected - usual) : corrected - usual
  const share = settings.makeupSigmaFloorShare * Math.abs(usual ?? 0)
  const quiet = Math.max(settings.makeupSigmaFloorTh, share, spread)
  const sigma = Math.hypot(quiet, contraction?.sigmaTh ?? 0, COOLING_SHARE * (contraction?.flowTh ?? 0))
  const isBurst = usual !== undefined && burst(hour, { usual, sigma, settings })
  // Seepage wanders by a t/h or so for hours: that much is nobody's leak.
  const beyond = off - settings.makeupWanderTh
  const z = usual === undefined ? (corrected > settings.makeupAbsoluteTh ? 5 : 0) : beyond / sigma
  watch.excess = [off, sigma]
  watch.excessAt = usual === undefined ? 0 : at
  // An absolute limit was passed: there is nothing to be calibrated against.
  const threshold = usual === undefined ? settings.makeupThreshold : watch.calibration.threshold
  const before = watch.sum
  const sum = before + Math.min(Math.max(z, -3), 5) - settings.makeupDrift
  watch.sum = isBurst ? 2 * threshold : Math.min(Math.max(0, sum), 2 * threshold)
  if (watch.sum === 0) watch.since = -1
  else if (before === 0) watch.since = quarter
  const alarmed = watch.raised !== undefined || watch.sum > threshold / 2
  if (!alarmed) learnQuarter(watch, [quarter, corrected, off])
  if (watch.raised !== undefined) watch.calibration.alarmed = true
  observeStatistic(watch.calibration, watch.sum, at, makeupBudget(settings))
  if (watch.raised === undefined && watch.sum > threshold) {
    raise(site, watch, { ...balance, measured, corrected, usual, sigma, contraction, threshold })
  } else if (watch.raised !== undefined) calmDown(site, watch, z, { ...balance, measured })
  return alarmed
}

/** Water that warms up fills the network by itself: a valve that is shut says nothing of what is lost meanwhile. */
function isShut(hour: readonly QuarterFlow[]): boolean {
  return hour.some(({ makeup, contraction }) => makeup <= NOTHING_TH && (contraction?.flowTh ?? 0) < 0)
}

/** Mean over the quarter hours whose temperatures are known; they are unsure alike. */
function contractionOver(hour: readonly QuarterFlow[]): Contraction | undefined {
  const known = hour.flatMap(({ contraction }) => contraction ?? [])
  if (known.length < hour.length) return undefined
  const of = (value: (one: Contraction) => number): number =>
    known.reduce((sum, one) => sum + value(one), 0) / known.length
  return {
    flowTh: of(({ flowTh }) => flowTh),
    coolingKh: of(({ coolingKh }) => coolingKh),
    sigmaTh: of(({ sigmaTh }) => sigmaTh),
  }
}

/**
 * Two quarter hours in a row so far above the usual that nothing needs to be summed up, and cooling
 * explains little of it: a burst main is not waited for.
 */
function burst(
  hour: readonly QuarterFlow[],
  of: { readonly usual: number; readonly sigma: number; readonly settings: DetectionSettings },
): boolean {
  const { usual, sigma, settings } = of
  const [before, last] = hour.slice(-2)
  if (before === undefined || last?.quarter !== before.quarter + 1) return false
  return [before, last].every(({ makeup, contraction }) => {
    const cooling = contraction?.flowTh ?? 0
    const unsure = Math.max(BURST_SIGMAS * sigma, BURST_COOLING_SHARE * Math.abs(cooling))
    return makeup - cooling - usual > Math.max(settings.makeupBurstTh, unsure)
  })
}

function learnQuarter(watch: LeakWatch, entry: [number, number, number]): void {
  watch.past.push(entry)
  while ((watch.past[0]?.[0] ?? entry[0]) <= entry[0] - DAYS * QUARTERS_OF_DAY) watch.past.shift()
}

/**
 * What make-up normally is at this hour, and how far from it it normally strays: against the same hour
 * of the last 7 days, or until there is one against everything but the last hour, the daily course and all.
 */
function usualOf(
  watch: LeakWatch,
  quarter: number,
): { readonly usual: number | undefined; readonly spread: number } {
  const sameHour: number[] = []
  const all: number[] = []
  for (const [number, corrected] of watch.past) {
    const apart = (quarter - number) % QUARTERS_OF_DAY
    if (quarter - number >= QUARTERS_OF_HOUR) all.push(corrected)
    const sameTime = apart <= 2 || apart >= QUARTERS_OF_DAY - 2
    if (sameTime && quarter - number > QUARTERS_OF_DAY / 2) sameHour.push(corrected)
  }
  if (all.length < ENOUGH_PAST) return { usual: undefined, spread: 0 }
  if (sameHour.length >= ENOUGH_SAME_HOUR) {
    const strayed = watch.past.map(([, , off]) => off)
    return { usual: median(sameHour), spread: robustSigma(strayed, 0) }
  }
  const usual = median(all)
  return { usual, spread: Math.max(robustSigma(all, usual), UNKNOWN_COURSE * Math.abs(usual)) }
}

function calmDown(
  site: Site,
  watch: LeakWatch,
  z: number,
  balance: Balance & { readonly measured: number },
): void {
  watch.calm = z < 1 ? watch.calm + 1 : 0
  if (watch.calm < CALM_QUARTERS || watch.raised === undefined) return
  const name = assetWords(site.asset)
  const flow = figure(balance.measured)
  site.run.findings.push({
    ...watch.raised,
    phase: 'cleared',
    at: balance.receivedAt,
    evidence: {
      ...watch.raised.evidence,
      sentence: {
        zh: `${name.zh} 补水恢复正常:${flow} t/h`,
        en: `${name.en}: make-up water is back to normal, ${flow} t/h`,
      },
    },
  })
  delete watch.raised
  watch.calm = 0
  watch.sum = 0
  watch.since = -1
}

/** Loss of water, not located: it waits in the dispatcher's gate (policy.md A43). */
function raise(site: Site, watch: LeakWatch, excess: Excess & { readonly receivedAt: Instant }): void {
  const { run, asset, device } = site
  const eventAt = watch.anchor + Math.max(watch.since, 0) * BUCKET_MS
  const finding: EmergencyFinding = {
    kind: 'emergency',
    id: `makeup:${asset.id}:${eventAt}`,
    phase: 'raised',
    family: 'leak',
    ticketKind: 'primary_leak',
    rule: 'leak.makeup',
    at: excess.receivedAt,
    eventAt,
    deviceId: device.id,
    located: false,
    candidates: [],
    logOdds: weighed(site, run.context.settings.weightMakeup, ['makeup_flow_t_h']),
    evidence: evidenceOf({ deviceId: device.id, assetId: asset.id }, groundsOf(site, watch, excess, eventAt)),
  }
  watch.raised = finding
  watch.calm = 0
  run.findings.push(finding)
}
