import type { LocalizedText } from '#contract/text.ts'
import type { PressureSensor, Side } from './zones.ts'

/** A place where a leak may be. */
export interface LeakPlace {
  readonly assetId: string
  readonly side: Side
}

/** A station whose primary flow is measured: what it takes need not be guessed. */
export interface MeteredStation {
  readonly deviceId: string
  readonly stationId: string
  readonly nominalTh: number
}

/** How pressures answer a leak, by one connected network; plain values that pass between threads. */
export interface ZoneResponse {
  readonly zoneId: string
  readonly sensors: readonly PressureSensor[]
  readonly places: readonly LeakPlace[]
  /** Row by place, column by sensor: how far the pressure falls for each t/h lost [kPa/(t/h)]. */
  readonly kpaPerTh: Float32Array
  /** By place, the first that no sensor tells apart from it. */
  readonly alike: Int32Array
  /** Patterns that stations make on both sides when they take more or less, row by sensor [kPa]. */
  readonly loadModes: readonly (readonly number[])[]
  /** Stations whose flow is measured, and what one t/h more at each does to each sensor (`LoadPatterns`). */
  readonly metered: readonly MeteredStation[]
  readonly kpaPerDrawTh: Float32Array
  /** How much lower each sensor's pressure is than its source's at `nominalTh`, by friction [kPa]. */
  readonly lossKpa: Float32Array
  /** Flow of all stations that the response is computed at [t/h]; undefined: no station says, shares are guessed. */
  readonly nominalTh?: number
  /** `hydraulic`: pipes are known; `guessed`: too many diameters are missing; `island`: no source. */
  readonly basis: 'hydraulic' | 'guessed' | 'island'
  /** What is then not possible, for people. */
  readonly limits: readonly LocalizedText[]
}

/** By zone id. */
export type LeakResponses = ReadonlyMap<string, ZoneResponse>
