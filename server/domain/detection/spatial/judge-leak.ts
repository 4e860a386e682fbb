import type { Evaluation } from './evaluation.ts'
import { learnFalseAlarm, observeStatistic, type Budget } from '../core/calibration.ts'
import type { DetectionSettings } from '../core/settings.ts'
import type { EmergencyFinding } from '../core/finding.ts'
import { DAY, HOUR, type Instant } from '../../instant.ts'
import type { DetectorRun } from '../core/context.ts'
import { BUCKET_MS } from '../core/series.ts'
import { zOf } from './glr.ts'
import { clearedEvidence, leakFinding, MAX_CANDIDATES } from './leak-finding.ts'
import { locate, type PlaceShare } from './locate.ts'
import type { WaterBalance } from './water-balance.ts'
import { leakLimit, weighHypotheses, type WeighedHypotheses } from './hypotheses.ts'
import type { ZoneState } from '../core/zone-state.ts'

/** Evaluations in a row that a leak needs, and quarter hours of calm that end it. */
const IN_A_ROW = 2
const CALM_QUARTERS = 4
/** Beside lost water one sensor may nearly be enough. */
const AIDED_WITHOUT_SHARE = 0.45
/** What must be left of the threshold when two sensors are not believed. */
const WITHOUT_TWO_SHARE = 0.5
/** A leak explains the pattern; an operation leaves most of it unexplained. */
const EXPLAINED = 0.3
/** What cleared so soon, with the make-up calm, was no leak: its value is learnt from. */
const FALSE_WITHIN = 6 * HOUR
/** After so long without an end it is the new normal, or known and being repaired. */
export const ACCEPTED_AFTER = 3 * DAY
const CALM_SIGMAS = 2
const SAY_AGAIN_AFTER = HOUR
const STRONGER = 1.15
/** Later a best place that changes is the network's own unrest. */
const MOVES_WITHIN = 12 * HOUR
/** So much of what is now probable must still be on the list, or the list is said anew. */
const STILL_LISTED = 0.8
/** Lost water of this size is given a place as soon as it has been seen for so long, if the list says this much. */
const GUESS_FROM_TH = 15
const GUESS_AFTER = HOUR / 2
const GUESS_SHARE = 0.3

/** However restless a network was on one day, a pattern so many times the least is said. */
const MAX_SHARE = 4

export function leakBudget(settings: DetectionSettings): Budget {
  const { spatialLeast: least, falseAlarmsPerSeason: perSeason } = settings
  return { least, most: MAX_SHARE * least, perSeason }
}

/** A leak needs both values above the threshold, with and without the worst sensor, twice in a row. */
export function judgeLeak(evaluation: Evaluation): void {
  const { watch, weighed, loss, at, run } = evaluation
  const budget = leakBudget(run.context.settings)
  const value = Math.min(weighed.z, weighed.zWithout)
  const { threshold } = watch.leak
  const aided = loss !== undefined
  const beyond = aided
    ? weighed.z > leakLimit(threshold, aided) && weighed.zWithout > AIDED_WITHOUT_SHARE * threshold
    : value > threshold &&
      !isContradicted(evaluation.balance) &&
      explainedShare(weighed) > EXPLAINED &&
      isSeenByThree(evaluation)
  watch.held = beyond ? watch.held + 1 : 0
  if (!aided && watch.raised === undefined) observeStatistic(watch.leak, value, at, budget)
  if (aided || beyond) watch.leak.alarmed = true
  const believed = watch.held >= (aided && value > threshold ? 1 : IN_A_ROW)
  if (watch.raised !== undefined) follow(evaluation, watch.raised, { value, believed })
  else if (believed) raise(evaluation, placesOf(evaluation), false)
  else if (mayGuess(evaluation)) {
    const places = placesOf(evaluation)
    if (shareOf(places, listOf(places)) > GUESS_SHARE) raise(evaluation, places, true)
  }
}

const placesOf = (evaluation: Evaluation): readonly PlaceShare[] =>
  locate(evaluation.weighed, evaluation.changes, evaluation, evaluation.loss)

const listOf = (places: readonly PlaceShare[]): readonly string[] =>
  places.slice(0, MAX_CANDIDATES).map(({ assetId }) => assetId)

const shareOf = (places: readonly PlaceShare[], listed: readonly string[]): number =>
  places.reduce((sum, { assetId, share }) => sum + (listed.includes(assetId) ? share : 0), 0)

/** That water is lost is known from the make-up: where, may then be said on less. Tried once an hour. */
function mayGuess({ loss, balance, at }: Evaluation): boolean {
  const lasted = at - balance.since
  return (
    loss !== undefined &&
    balance.said &&
    loss.flowTh >= GUESS_FROM_TH &&
    lasted >= GUESS_AFTER &&
    (lasted - GUESS_AFTER) % HOUR < BUCKET_MS
  )
}

function explainedShare({ fits, bestWithout, precision, worstZ }: WeighedHypotheses): number {
  const fit = fits[bestWithout]
  const energy = precision.energy - worstZ ** 2
  return fit === undefined || energy <= 0 ? 1 : zOf(fit.numWithout, fit.denWithout) ** 2 / energy
}

/** A leak that moves pressures draws make-up: where a sound meter is calm, it is the load or an operation. */
function isContradicted({ loss }: WaterBalance): boolean {
  return loss !== undefined && loss.flowTh < CALM_SIGMAS * loss.sigmaTh
}

/** Two sensors at fault at once, as when they are swapped, must not look like a leak either. */
function isSeenByThree(evaluation: Evaluation): boolean {
  const { changes, weighed, watch } = evaluation
  if (watch.raised !== undefined) return true
  const list = changes.list.filter((_, i) => i !== weighed.worst)
  const without = weighHypotheses({ ...changes, list }, evaluation)
  return without !== undefined && without.zWithout > WITHOUT_TWO_SHARE * watch.leak.threshold
}

function raise(evaluation: Evaluation, places: readonly PlaceShare[], guess: boolean): void {
  const { run, watch, changes } = evaluation
  const finding = leakFinding(evaluation, { places, guess })
  watch.raised = finding
  if (guess) watch.guess = true
  watch.calm = 0
  watch.saidAt = evaluation.at
  watch.reference = Object.fromEntries(
    changes.list.map(({ sensor, usualResidual }) => [sensor.key, Number(usualResidual.toFixed(3))]),
  )
  run.findings.push(finding)
}

/** While it lasts the evidence grows, and with it the knowledge of where it is. */
function follow(
  evaluation: Evaluation,
  raised: EmergencyFinding,
  { value, believed }: { readonly value: number; readonly believed: boolean },
): void {
  const { run, watch, at, knownAt, loss } = evaluation
  watch.calm = value < watch.leak.threshold / 2 && loss === undefined ? watch.calm + 1 : 0
  const accepted = at - raised.eventAt > ACCEPTED_AFTER && loss === undefined
  if (watch.calm >= CALM_QUARTERS || accepted) {
    const soon = knownAt - raised.at < FALSE_WITHIN && raised.logOdds <= run.context.settings.weightSpatial
    if (soon && !accepted && watch.guess !== true)
      learnFalseAlarm(watch.leak, raised.evidence.value, leakBudget(run.context.settings))
    endLeak(run, watch, knownAt, accepted)
    return
  }
  const surer = watch.guess === true && believed
  const since = at - watch.saidAt
  if (!surer && (since < SAY_AGAIN_AFTER / 2 || watch.calm > 0)) return
  const stronger = value > STRONGER * raised.evidence.value
  const mayMove = since >= SAY_AGAIN_AFTER && at - raised.eventAt < MOVES_WITHIN
  if (!surer && !stronger && !mayMove) return
  const places = placesOf(evaluation)
  if (!surer && !stronger && !hasMoved(places, raised)) return
  if (surer) delete watch.guess
  const again = leakFinding(evaluation, { places, guess: watch.guess === true, before: raised })
  watch.saidAt = at
  watch.raised = again
  run.findings.push(again)
}

function hasMoved(places: readonly PlaceShare[], { candidates }: EmergencyFinding): boolean {
  const still = shareOf(
    places,
    candidates.map(({ assetId }) => assetId),
  )
  const first = places[0]?.assetId !== candidates[0]?.assetId
  return first || still < STILL_LISTED * shareOf(places, listOf(places))
}

/** Takes the finding back. */
function endLeak(run: DetectorRun, watch: ZoneState, at: Instant, accepted: boolean): void {
  const { raised } = watch
  if (raised === undefined) return
  run.findings.push({ ...raised, phase: 'cleared', at, evidence: clearedEvidence(raised, accepted) })
  delete watch.raised
  delete watch.guess
  delete watch.reference
  watch.held = 0
  watch.calm = 0
}
