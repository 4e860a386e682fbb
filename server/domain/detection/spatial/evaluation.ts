import type { Instant } from '../../instant.ts'
import type { DetectorRun } from '../core/context.ts'
import type { Changes } from './changes.ts'
import type { WaterBalance } from './water-balance.ts'
import type { KnownLoss, WeighedHypotheses, Weighing } from './hypotheses.ts'
import type { ZoneState } from '../core/zone-state.ts'
import type { LeakZone } from '../core/zones.ts'

/** One evaluation of one zone. */
export interface Evaluation extends Weighing {
  readonly run: DetectorRun
  readonly zone: LeakZone
  readonly watch: ZoneState
  readonly changes: Changes
  readonly weighed: WeighedHypotheses
  readonly balance: WaterBalance
  /** What the make-up says while it is alarmed; undefined: it is calm, or there is none. */
  readonly loss: KnownLoss | undefined
  readonly at: Instant
  readonly knownAt: Instant
}
