import type { Instant } from '../../instant.ts'
import { createCalibration, type Budget, type Calibration } from './calibration.ts'
import type { EmergencyFinding } from './finding.ts'

/** One quarter hour of a source. */
export interface QuarterFlow {
  readonly quarter: number
  /** Mean, t/h. */
  makeup: number
  readings: number
  /** What cooling explains of it; undefined: temperatures are not known. */
  contraction?: Contraction
}

/** What the cooling of the network's water alone makes the make-up draw. */
export interface Contraction {
  /** t/h; negative while the water expands. */
  readonly flowTh: number
  readonly coolingKh: number
  /** How unsure the flow is, t/h: wide for a cooling such as has not been seen yet. */
  readonly sigmaTh: number
}

/** How a source's make-up follows the temperatures, learnt quarter hour by quarter hour. Plain JSON. */
export interface ThermalState {
  /** Lagged temperatures: supply by lag, then return by lag [°C]. */
  lagged: number[]
  /** Number of the quarter hour that they belong to. */
  quarter: number
  /** Lower triangle by rows of Σ wxxᵀ, and Σ wxy. */
  gram: number[]
  moment: number[]
}

/** An alarm of the make-up that is kept back: since when, why, and until when at most. */
export interface HeldBack {
  readonly since: Instant
  readonly why: 'start' | 'cooling' | 'filling'
  readonly until: Instant
  /** Water drawn meanwhile above the usual, and how much ends the waiting [t]. */
  drawnT: number
  readonly mostT: number
}

/** What is remembered of a source's make-up from day to day. Plain JSON. */
export interface SlowLeakState {
  /** The day that is open: its number, the mean of its calm quarter hours [t/h], how many they are. */
  open: [number, number, number]
  /** Means of the last 28 days, oldest first. */
  days: number[]
  /** How far the last day was above the days before, and how far such days normally stray [t/h]. */
  excess: [number, number]
  /** The end of that day. */
  excessAt?: Instant
  /** Days in a row that were beyond the limit. */
  beyond: number
  raised?: EmergencyFinding
}

/** What is remembered of the water balance of one source. */
export interface MakeupState {
  /** Time of the source's first reading: quarter hours are counted from it. */
  readonly anchor: Instant
  /** The quarter hour that is open. */
  quarter: number
  /** The last quarter hours. */
  flows: QuarterFlow[]
  /** How the make-up follows the temperatures; undefined: none have been heard. */
  thermal?: ThermalState
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
  slow?: SlowLeakState
  /** What the make-up normally is at this hour, corrected, as last judged [t/h]. */
  usual?: number
  /** Daily maxima of the cumulative sum, and the limit made of them. */
  readonly calibration: Calibration
  /** How much more than usual is drawn, how far that normally strays [t/h], and as of when. */
  excess: [number, number]
  excessAt: Instant
}

export function createMakeupState(anchor: Instant, budget: Budget): MakeupState {
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
