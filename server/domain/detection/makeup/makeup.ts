import type { Instant } from '../../instant.ts'
import { assetWords } from '../../network/assets.ts'
import { observeStatistic, type Budget } from '../core/calibration.ts'
import type { DetectionSettings } from '../core/settings.ts'
import type { EmergencyFinding } from '../core/finding.ts'
import { holdBack, isBorneOutByPressures, proofOf, type Doubted, type Proof } from './hold-back.ts'
import { createMakeupState, type MakeupState, type QuarterFlow } from '../core/makeup-state.ts'
import { evidenceOf, weighed } from '../core/make-finding.ts'
import { newestOffOf, othersOf } from './others.ts'
import { doubtQuarter, learnQuarter, usualOf, type Judged } from './usual.ts'
import { groundsOf, withProof, type Excess } from './words.ts'
import type { Site, When } from '../core/context.ts'
import { BUCKET_MS, QUARTERS_OF_HOUR } from '../core/series.ts'
import { learnThermal, thermalMoment } from './thermal.ts'
import type { Contraction } from '../core/makeup-state.ts'
import { judgeSlowLeak } from './slow-leak.ts'
import { figure } from '../core/words.ts'

const CALM_QUARTERS = 4
/** How well the water that cooling draws is known. */
const COOLING_SHARE = 0.2
/** A meter that reads no more than this is shut. */
const NOTHING_TH = 0.1
/** However restless a meter, a loss of some t/h that lasts three hours is said. */
const MAX_SHARE = 4
const BURST_SIGMAS = 6
const BURST_COOLING_SHARE = 0.5
/** What strays by less than this is learnt from in full. */
const TRUSTED_SIGMAS = 2

function makeupBudget(settings: DetectionSettings): Budget {
  const { makeupThreshold: least, falseAlarmsPerSeason: perSeason } = settings
  return { least, most: MAX_SHARE * least, perSeason }
}

/** Takes in one sample of a source; each quarter hour of its own time that is over is judged once. */
export function observeSource(site: Site, makeup: number | undefined, when: When): void {
  const { leaks } = site.run.state
  const known = Object.hasOwn(leaks, site.asset.id) ? leaks[site.asset.id] : undefined
  const watch = known ?? createMakeupState(when.at, makeupBudget(site.run.context.settings))
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

function addFlow(watch: MakeupState, quarter: number, makeup: number): void {
  let entry = watch.flows.find((flow) => flow.quarter === quarter)
  if (entry === undefined) {
    entry = { quarter, makeup: 0, readings: 0 }
    const kept = watch.flows.filter((flow) => flow.quarter > quarter - QUARTERS_OF_HOUR - 1)
    watch.flows = [...kept, entry]
  }
  entry.readings += 1
  entry.makeup += (makeup - entry.makeup) / entry.readings
}

function judgeQuarter(site: Site, watch: MakeupState, quarter: number, when: When): void {
  const at = watch.anchor + (quarter + 1) * BUCKET_MS
  const thermal = thermalMoment(site.run, site.asset.id, watch.thermal, { at, quarter })
  if (thermal !== undefined) watch.thermal = thermal.watch
  const hour = watch.flows.filter(
    (flow) => flow.quarter > quarter - QUARTERS_OF_HOUR && flow.quarter <= quarter,
  )
  const newest = hour.find((flow) => flow.quarter === quarter)
  if (newest !== undefined && thermal?.moment !== undefined) newest.contraction = thermal.moment.contraction
  if (hour.length < QUARTERS_OF_HOUR - 1) return
  judgeBalance(site, watch, { quarter, at, hour, receivedAt: when.receivedAt })
  if (isSaid(watch) || newest === undefined || thermal?.moment === undefined) return
  learnThermal(thermal.watch, thermal.moment.row, newest.makeup, trustOf(watch.excess))
}

/** An alarm that is not kept back. */
function isSaid({ raised, held }: MakeupState): boolean {
  return raised !== undefined && held === undefined
}

/** The further a quarter hour strays, the less is learnt from it: its pull is bounded (Huber). */
function trustOf([off, sigma]: readonly [number, number]): number {
  return Math.abs(off) <= TRUSTED_SIGMAS * sigma ? 1 : (TRUSTED_SIGMAS * sigma) / Math.abs(off)
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
 * S ← max(0, S + clip(z, −3, 5) − 0.75) on 1-h means every 15 min. What is on the
 * way to an alarm is not learnt until it turns out to be none.
 */
function judgeBalance(site: Site, watch: MakeupState, balance: Balance): void {
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
  const others = othersOf(site, at)
  const isBurst =
    usual !== undefined && burst(hour, { usual: usual - Math.min(0, others.newestTh), sigma, settings })
  // Where several sources hold one network, what one draws more another may draw less.
  const shared = off > 0 ? off + others.offTh : off
  // Seepage wanders by a t/h or so for hours: that much is nobody's leak.
  const beyond = shared - settings.makeupWanderTh
  const z =
    usual === undefined
      ? corrected > settings.makeupAbsoluteTh
        ? 5
        : 0
      : beyond / Math.hypot(sigma, others.sigmaTh)
  watch.excess = [off, sigma]
  watch.excessAt = usual === undefined ? 0 : at
  if (usual !== undefined) watch.usual = usual
  // An absolute limit was passed: there is nothing to be calibrated against.
  const threshold = usual === undefined ? settings.makeupThreshold : watch.calibration.threshold
  const before = watch.sum
  const sum = before + Math.min(Math.max(z, -3), 5) - settings.makeupDrift
  watch.sum = isBurst ? 2 * threshold : Math.min(Math.max(0, sum), 2 * threshold)
  if (watch.sum === 0) watch.since = -1
  else if (before === 0) watch.since = quarter
  const judged: Judged = [quarter, corrected, off]
  const said = isSaid(watch)
  if (watch.raised === undefined && watch.sum <= threshold / 2) {
    learnQuarter(watch, judged)
    judgeSlowLeak(site, watch, { ...balance, corrected })
  } else if (!said) doubtQuarter(watch, judged)
  if (watch.raised !== undefined) watch.calibration.alarmed = true
  observeStatistic(watch.calibration, watch.sum, at, makeupBudget(settings))
  const excess = { ...balance, measured, corrected, usual, sigma, contraction, threshold }
  const newestOff = newestOffOf(watch) ?? off
  if (watch.raised !== undefined && !said) tryAgain(site, watch, excess, { off, newestOff })
  else if (watch.raised === undefined && watch.sum > threshold && !others.raised) {
    take(site, watch, excess, { off, newestOff })
  }
  if (watch.raised !== undefined) calmDown(site, watch, z, { ...balance, measured })
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

function calmDown(
  site: Site,
  watch: MakeupState,
  z: number,
  balance: Balance & { readonly measured: number },
): void {
  watch.calm = z < 1 ? watch.calm + 1 : 0
  if (watch.calm < CALM_QUARTERS || watch.raised === undefined) return
  const { raised, held } = watch
  delete watch.raised
  delete watch.held
  watch.calm = 0
  watch.sum = 0
  watch.since = -1
  if (held !== undefined) return
  const name = assetWords(site.asset)
  const flow = figure(balance.measured)
  site.run.findings.push({
    ...raised,
    phase: 'cleared',
    at: balance.receivedAt,
    evidence: {
      ...raised.evidence,
      sentence: {
        zh: `${name.zh} 补水恢复正常:${flow} t/h`,
        en: `${name.en}: make-up water is back to normal, ${flow} t/h`,
      },
    },
  })
}

type Seen = Excess & Balance
type Off = Pick<Doubted, 'off' | 'newestOff'>

/** An alarm: said at once if something bears it out, else kept back for a while. */
function take(site: Site, watch: MakeupState, excess: Seen, off: Off): void {
  const eventAt = watch.anchor + Math.max(watch.since, 0) * BUCKET_MS
  const doubted = { ...excess, ...off, eventAt }
  watch.calm = 0
  watch.held = holdBack(site, watch, doubted)
  const proof = proofOf(site, watch.held, doubted)
  watch.raised = findingOf(site, watch, excess, { eventAt, proof })
  if (proof !== undefined) say(site, watch, watch.raised)
}

/** An alarm that is kept back, a quarter of an hour later. */
function tryAgain(site: Site, watch: MakeupState, excess: Seen, off: Off): void {
  const { raised, held } = watch
  if (raised === undefined || held === undefined) return
  const { eventAt } = raised
  held.drawnT += Math.max(0, off.newestOff) / QUARTERS_OF_HOUR
  const proof = proofOf(site, held, { ...excess, ...off, eventAt })
  watch.raised = findingOf(site, watch, excess, { eventAt, proof })
  if (proof !== undefined) say(site, watch, watch.raised)
}

/** The pressures of the zone have been judged since: they may bear out what was kept back. */
export function settleHeld(site: Site, { receivedAt }: When): void {
  const watch = site.run.state.leaks[site.asset.id]
  if (watch?.held === undefined || watch.raised === undefined || !isBorneOutByPressures(site)) return
  say(site, watch, { ...withProof(watch.raised, 'pressures'), at: receivedAt })
}

function say({ run }: Site, watch: MakeupState, finding: EmergencyFinding): void {
  watch.raised = finding
  delete watch.held
  delete watch.doubt
  run.findings.push(finding)
}

/** Loss of water, not located: it waits in the dispatcher's gate (A43). */
function findingOf(
  site: Site,
  watch: MakeupState,
  excess: Seen,
  { eventAt, proof }: { readonly eventAt: Instant; readonly proof: Proof | undefined },
): EmergencyFinding {
  const { run, asset, device } = site
  return {
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
    evidence: evidenceOf(
      { deviceId: device.id, assetId: asset.id },
      groundsOf(site, watch, { ...excess, proof }, eventAt),
    ),
  }
}
