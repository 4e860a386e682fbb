import type { DeviceFault, TicketKind } from '#contract/vocabulary.ts'
import type { LabEvent } from '../../simulators/laboratory/scenario.ts'
import type { Counted } from './play.ts'

/** What became of one scenario: plain JSON, which a worker hands over and the figures are made of. */
export interface Outcome {
  readonly id: string
  readonly counted: Counted
  readonly events: readonly EventOutcome[]
  readonly incidents: readonly IncidentOutcome[]
  /** What was said of devices that nothing ailed, by its name. */
  readonly falseFaults: readonly DeviceFault[]
}

export interface EventOutcome {
  readonly event: LabEvent
  /** At a well of a secondary network. */
  readonly secondary?: true
  readonly expectedKind?: TicketKind
  readonly expectedFault?: DeviceFault
  /** Minutes from the onset to the right incident, or to the right name of the fault. */
  readonly foundAfterMin?: number
  /** A cover whose device decided itself: seconds from the arrival of its message. */
  readonly afterMessageS?: number
  /** A leak of water: where it was looked for. */
  readonly location?: Location
  /** A sensor fault: what it was called first, if not by its own name. */
  readonly calledInstead?: DeviceFault
  /** A sensor fault alone, during which a leak was suspected that was none. */
  readonly takenForLeak?: boolean
  /** No leak of the primary network nearby in time: the fault stood alone. */
  readonly alone?: boolean
}

export interface Location {
  /** The true well, or the one nearest to the hole, is on the list. */
  readonly listed: boolean
  /** Pipes between the hole and the first of the list; undefined: no list. */
  readonly hops?: number
}

export interface IncidentOutcome {
  readonly kind: TicketKind
  /** Hours since the season began. */
  readonly openedH: number
  readonly confirmed: boolean
  readonly true: boolean
  /** What else was going on when a false one opened. */
  readonly beside?: LabEvent['kind']
  readonly evidenceWhole: boolean
}
