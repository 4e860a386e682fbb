import type { LocationCandidate } from '#contract/incident.ts'
import type { Position } from '#contract/identity.ts'
import type { RoutingRule, TicketKind } from '#contract/vocabulary.ts'
import type { Instant } from '../instant.ts'
import type { Network } from '../network/network.ts'

export interface RouteInput {
  readonly network: Network
  readonly kind: TicketKind
  readonly assetId?: string
  readonly position?: Position
  /** Where a leak may lie, with shares that sum to at most 1 (A42). */
  readonly candidates?: readonly LocationCandidate[]
  /** `opened_at` or `received_at`: the division of responsibility as of this instant. */
  readonly asOf: Instant
}

export interface Route {
  readonly departmentId: string
  readonly departmentName: string
  readonly rule: RoutingRule
  /** One sentence in Chinese with the facts that decided. */
  readonly why: string
  readonly networkVersion: number
}
