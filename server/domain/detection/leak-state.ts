import type { Instant } from '../instant.ts'
import type { EmergencyFinding } from './finding.ts'

/** What is remembered of the water balance behind one source. */
export interface LeakWatch {
  /** Time of the source's first make-up reading: quarter hours are counted from it. */
  readonly anchor: Instant
  /** The next quarter hour to be closed. */
  quarter: number
  /** Open and last quarter hours: [number, sum of make-up t/h, readings]. */
  flows: [number, number, number][]
  /** Mean water temperature at the end of the last quarter hours: [number, °C]. */
  warmth: [number, number][]
  /** Corrected make-up flow of every judged quarter hour of the last 7 days: [number, t/h]. */
  past: [number, number][]
  /** The cumulative sum, and since which quarter hour it has been above zero. */
  sum: number
  since: number
  calm: number
  raised?: EmergencyFinding
  /** Pressure sensors beyond the limit in the last evaluation, and what was raised from them. */
  dips: string[]
  pressure?: EmergencyFinding
}
