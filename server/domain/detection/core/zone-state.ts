import type { Instant } from '../../instant.ts'
import type { Calibration } from './calibration.ts'
import type { EmergencyFinding } from './finding.ts'

/** Hours of the last week as the expectation is learnt from them. A gap is `NO_VALUE`, so that arrays stay numbers. */
export interface ZoneHistory {
  /** Numbers of the hours: floor(at / 1 h), ascending, not always consecutive. */
  hours: number[]
  /** By name of the regressor. */
  x: Record<string, number[]>
  /** By sensor, kPa. */
  y: Record<string, number[]>
  /** What metered stations take, by device, t/h. */
  draws?: Record<string, number[]>
}

/** What is expected of each sensor and how it strays, refitted nightly. Arrays go by `keys`. */
export interface ZoneModel {
  /** Number of the hour that it was fitted in, and hours that it was fitted to. */
  readonly fittedAt: number
  readonly hours: number
  readonly keys: readonly string[]
  /** Regressors with the mean and the scale that they are standardised by. */
  readonly columns: readonly { readonly name: string; readonly mean: number; readonly scale: number }[]
  /** Metered stations that are taken account of, with their usual part of the whole flow. */
  readonly draws?: readonly { readonly deviceId: string; readonly share: number }[]
  /** By sensor: intercept, then one for each column [kPa], on top of the physical prior. */
  readonly beta: readonly (readonly number[])[]
  /** By sensor: variance of its own [kPa²], and loadings of the shared factors [kPa]. */
  readonly own: readonly number[]
  readonly shared: readonly (readonly number[])[]
  /** (XᵀX + penalty)⁻¹ of the columns. */
  readonly unsure: readonly (readonly number[])[]
}

/** A sensor that strays alone, from which quarter hour on and how often in a row. */
interface Suspect {
  since: number
  count: number
  missed: number
}

/** A sensor that has been named, and the level that it had before. */
export interface Named {
  readonly fault: 'offset' | 'drift' | 'swapped' | 'stuck'
  readonly at: Instant
  /** Residual before the fault [kPa]. */
  readonly usual: number
  calm: number
}

/** What is remembered of the pressures of one connected network. */
export interface ZoneState {
  readonly id: string
  /** Quarter hours are counted from here. */
  anchor: Instant
  /** The quarter hour that is open. */
  quarter: number
  /** Server time at which a source was last heard: it sets the pace while it speaks. 0: never. */
  heardAt: Instant
  history: ZoneHistory
  model?: ZoneModel
  /** Evaluations in a row beyond the threshold. */
  held: number
  /** Quarter hours in a row that were normal again while `raised`. */
  calm: number
  raised?: EmergencyFinding
  /** `raised` says only where lost water may be: the pressures alone would not have told of it. */
  guess?: true
  /** When the finding was last made stronger. */
  saidAt: Instant
  /** Residuals from before the leak [kPa]: what it does is not learnt while it lasts. */
  reference?: Record<string, number>
  /** Sensors beyond the limit at the last evaluation, and their usual pressures, while there is no model yet. */
  dips: string[]
  usual?: Record<string, number>
  suspects: Record<string, Suspect>
  named: Record<string, Named>
  /** Sensors that agree again, with their level: for a day what they said meanwhile is no reference. */
  mended: Record<string, { readonly usual: number; readonly until: Instant }>
  readonly leak: Calibration
  readonly sensor: Calibration
}

export const NO_VALUE = -99999
