import { DAY, type Instant } from '../../instant.ts'

/** How a threshold came about, for the screen. */
type CalibrationBasis = 'floor' | 'conformal' | 'gumbel'

/** Daily maxima of one statistic on days without an alarm, and the threshold made of them. Plain JSON. */
export interface Calibration {
  /** Number of the day that is open, −1: none yet. */
  day: number
  /** Its greatest value so far. */
  peak: number
  /** Set when the day had an alarm: it is not one to learn from. */
  alarmed: boolean
  maxima: number[]
  threshold: number
  basis: CalibrationBasis
  /** Day of the last recalibration. */
  calibratedOn: number
}

/** What a family may cost and where its threshold may not go below. */
export interface Budget {
  /** Least threshold, reached after a week; twice as far is asked for on the first day. */
  readonly least: number
  /** Where its threshold may not go beyond. */
  readonly most?: number
  /** False alarms a heating season. */
  readonly perSeason: number
}

const SEASON_DAYS = 183
const CONFORMAL_DAYS = 30
const ENOUGH_FOR_GUMBEL = 7
const RECALIBRATED_EVERY = 7
/** A few days have not seen the worst yet. */
const MARGIN = 1.2
const EULER = 0.5772

export function createCalibration(budget: Budget): Calibration {
  const threshold = firstThreshold(budget, 0)
  return { day: -1, peak: 0, alarmed: false, maxima: [], threshold, basis: 'floor', calibratedOn: -1 }
}

/** Takes one value of the statistic in; a day that is over becomes one of the maxima. */
export function observeStatistic(calibration: Calibration, value: number, at: Instant, budget: Budget): void {
  const day = Math.floor(at / DAY)
  if (day > calibration.day) {
    if (calibration.day >= 0) closeDay(calibration, budget)
    calibration.day = day
    calibration.peak = 0
    calibration.alarmed = false
  }
  if (value > calibration.peak) calibration.peak = value
}

/** What raised an alarm that nothing else bore out was noise after all. */
export function learnFalseAlarm(calibration: Calibration, peak: number, budget: Budget): void {
  keep(calibration, peak)
  recalibrate(calibration, budget)
}

function closeDay(calibration: Calibration, budget: Budget): void {
  if (!calibration.alarmed) keep(calibration, calibration.peak)
  const early = calibration.maxima.length <= CONFORMAL_DAYS
  if (early || calibration.day - calibration.calibratedOn >= RECALIBRATED_EVERY)
    recalibrate(calibration, budget)
}

function keep(calibration: Calibration, peak: number): void {
  calibration.maxima.push(Number(peak.toFixed(3)))
  if (calibration.maxima.length > SEASON_DAYS) calibration.maxima.shift()
}

/**
 * Up to 30 days the greatest of them (conformal) and a margin, or what a Gumbel fit says if that is more; later the
 * Gumbel quantile at the budget (moments: Gumbel 1958). Never below the
 * floor.
 */
function recalibrate(calibration: Calibration, budget: Budget): void {
  const { maxima, day } = calibration
  const days = maxima.length
  const floor = firstThreshold(budget, days)
  const greatest = Math.max(0, ...maxima)
  const gumbel = days < ENOUGH_FOR_GUMBEL ? 0 : gumbelQuantile(maxima, budget.perSeason / SEASON_DAYS)
  const wanted = days <= CONFORMAL_DAYS ? Math.max(MARGIN * greatest, gumbel) : gumbel
  calibration.threshold = Math.min(Math.max(floor, wanted), budget.most ?? Infinity)
  calibration.basis = wanted <= floor ? 'floor' : days <= CONFORMAL_DAYS ? 'conformal' : 'gumbel'
  calibration.calibratedOn = day
}

function firstThreshold({ least }: Budget, days: number): number {
  return least * (1 + Math.max(0, 7 - days) / 7)
}

/** The value that a day's maximum passes with the given probability, by the method of moments. */
function gumbelQuantile(maxima: readonly number[], probability: number): number {
  const mean = maxima.reduce((sum, value) => sum + value, 0) / maxima.length
  const variance = maxima.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (maxima.length - 1)
  const scale = (Math.sqrt(variance) * Math.sqrt(6)) / Math.PI
  return mean - EULER * scale - scale * Math.log(-Math.log(1 - probability))
}
