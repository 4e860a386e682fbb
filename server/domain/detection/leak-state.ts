import type { Instant } from '../instant.ts'
import type { Contraction, ThermalWatch } from './makeup/thermal.ts'
import { createCalibration, type Budget, type Calibration } from './calibration.ts'
import type { EmergencyFinding } from './finding.ts'
import type { HeldBack } from './makeup/hold-back.ts'
import type { SlowWatch } from './makeup/slow-leak.ts'

/** One quarter hour of a source. */
export interface QuarterFlow {
  readonly quarter: number
  /** Mean, t/h. */
  makeup: number
  readings: number
  /** What cooling explains of it; undefined: temperatures are not known. */
  contraction?: Contraction
}

/** What is remembered of the water balance of one source. */
export interface LeakWatch {
  /** Time of the source's first reading: quarter hours are counted from it. */
  readonly anchor: Instant
  /** The quarter hour that is open. */
  quarter: number
  /** The last quarter hours. */
  flows: QuarterFlow[]
  /** How the make-up follows the temperatures; undefined: none have been heard. */
  thermal?: ThermalWatch
  /** Every judged quarter hour of the last 7 days: [number, corrected make-up t/h, off the usual t/h]. */
  past: [number, number, number][]
  /** The cumulative sum, and since which quarter hour it has been above zero; −1: it is not. */
  sum: number
  since: number
  /** Quarter hours in a row that were normal again while `raised`. */
  calm: number
  raised?: EmergencyFinding
  /** Set while `raised` has not been said: nothing bears it out yet. */
  held?: HeldBack
  /** Quarter hours of an alarm that may turn out to be none, not learnt yet. */
  doubt?: [number, number, number][]
  /** Its days, for what grows slowly. */
  slow?: SlowWatch
  /** What the make-up normally is at this hour, corrected, as last judged [t/h]. */
  usual?: number
  /** Daily maxima of the cumulative sum, and the limit made of them. */
  readonly calibration: Calibration
  /** How much more than usual is drawn, how far that normally strays [t/h], and as of when. */
  excess: [number, number]
  excessAt: Instant
}

export function createLeakWatch(anchor: Instant, budget: Budget): LeakWatch {
  const calibration = createCalibration(budget)
  return {
    anchor,
    calibration,
    quarter: 0,
    flows: [],
    past: [],
    sum: 0,
    since: -1,
    calm: 0,
    excess: [0, 0],
    excessAt: 0,
  }
}
