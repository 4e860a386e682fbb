import type { Instant } from '../../instant.ts'
import type { DeviceState, SeriesState } from '../core/state.ts'
import type { Trait } from '../core/traits.ts'

/** One reading before its quality is known. Those of a sample pass through one object, one after the other. */
export interface RawReading {
  readonly device: DeviceState
  readonly at: Instant
  readonly receivedAt: Instant
  series: SeriesState
  signal: string
  trait: Trait
  value: number
}
