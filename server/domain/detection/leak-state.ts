import type { Instant } from '../instant.ts'
import type { EmergencyFinding } from './finding.ts'

/** What is remembered of the water balance and the pressures behind one source. */
export interface LeakWatch {
  /** Time of the source's first reading: quarter hours are counted from it. */
  readonly anchor: Instant
  /** The quarter hour that is open. */
  quarter: number
  /** The last quarter hours: [number, mean make-up t/h, readings]. */
  flows: [number, number, number][]
  /** Every judged quarter hour of the last 7 days: [number, corrected make-up t/h, off the usual t/h]. */
  past: [number, number, number][]
  /** The cumulative sum, and since which quarter hour it has been above zero; −1: it is not. */
  sum: number
  since: number
  /** Quarter hours in a row that were normal again while `raised`, and the same of `pressure`. */
  calm: number
  pressureCalm: number
  raised?: EmergencyFinding
  pressure?: EmergencyFinding
  /** Sensors beyond the limit at the last evaluation. */
  dips: string[]
  /** Usual pressures by sensor from before the leak: what it does is not learnt while it lasts. */
  usual?: Record<string, number>
}

export function createLeakWatch(anchor: Instant): LeakWatch {
  return { anchor, quarter: 0, flows: [], past: [], sum: 0, since: -1, calm: 0, pressureCalm: 0, dips: [] }
}
