import type { Evidence, LocationCandidate } from '#contract/incident.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { IncidentState, TicketKind } from '#contract/vocabulary.ts'
import type { Position } from '#contract/identity.ts'
import type { Instant } from '../instant.ts'

/** A finding or a call that is part of an incident, and why. */
export interface IncidentMember {
  readonly id: string
  readonly type: 'finding' | 'call'
  /** The ticket of the defect that it speaks of. */
  readonly ticketId?: string
  readonly kind: TicketKind
  readonly joinedAt: Instant
  readonly why: LocalizedText
  readonly logOdds: number
  readonly assetId?: string
  readonly evidence?: Evidence
  /** Set when the detector has taken the finding back. */
  readonly clearedAt?: Instant
  /** The incident that it was merged in from: an un-merge gives it back. */
  readonly mergedFrom?: string
}

/** Findings and calls that are one event in the world. */
export interface Incident {
  readonly id: string
  readonly version: number
  /** Kind of its first ticket, or of the gravest. */
  readonly kind: TicketKind
  readonly state: IncidentState
  /** Log-odds: the prior plus each independent piece of evidence. */
  readonly confidence: number
  readonly openedAt: Instant
  readonly eventAt: Instant
  readonly assetIds: readonly string[]
  readonly position?: Position
  readonly located: boolean
  readonly candidates: readonly LocationCandidate[]
  readonly members: readonly IncidentMember[]
  readonly acknowledgedAt?: Instant
  readonly acknowledgedBy?: string
  readonly acknowledgedById?: string
  /** Acknowledgements that were taken back at once. */
  readonly withdrawn?: readonly {
    readonly acknowledgedAt: Instant
    readonly by: string
    readonly at: Instant
  }[]
  readonly shelvedUntil?: Instant
  readonly shelvedBy?: string
  readonly shelvedReason?: string
  readonly exercise: boolean
  /** Set while `merged`: where its members are now. */
  readonly mergedInto?: string
}
