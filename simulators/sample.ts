import type { DeviceEvent } from '#contract/vocabulary.ts'

export type Values = Readonly<Record<string, number | boolean>>

/** What a device measured at one instant, by its own clock. */
export interface Sample {
  readonly ts: number
  readonly values: Values
}

/** A sample on its way: a radio gap or a fault may send it later, twice, or not at all. */
export interface Sending {
  readonly sendAt: number
  readonly sample: Sample
  /** The device decided on an alarm and says so at once. */
  readonly event?: DeviceEvent
}
