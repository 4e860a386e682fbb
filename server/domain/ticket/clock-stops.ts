import type { Instant } from '../instant.ts'
import type { ClockStop } from '../policy/clock-rule.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import { earliest, isThirdParty, latest, type Span } from './clock.ts'

/** When a clock of this span was stopped; undefined as long as it was not. */
export function stopOf(stop: ClockStop, span: Span, policy: PolicyPack): Instant | undefined {
  const { handling, stint, ticket } = span
  switch (stop) {
    case 'dispatched':
      return earliest(handling.stints[0]?.dispatchedAt, handling.answeredAt)
    case 'accepted':
      return stint?.acceptedAt
    case 'assigned':
      return stint?.assignedAt
    case 'arrived':
      return handling.arrivedAt
    case 'facility_contact': {
      // At a facility of our own, being there is the contact (A7).
      const arrived = isThirdParty(ticket, policy) ? undefined : handling.arrivedAt
      return earliest(handling.facilityContactAt, arrived)
    }
    case 'reporter_contact':
      return handling.contactedAt
    case 'repaired':
      return handling.repairedAt
    case 'repaired_heat':
      return latest(handling.repairedAt, handling.heatRestoredAt)
    case 'fault_heat':
      return latest(handling.faultClearedAt ?? handling.repairedAt, handling.heatRestoredAt)
    case 'submitted':
      // Under review it shows as stopped; a return reopens it (A16).
      return handling.submissions.find((each) => each.passed !== false)?.at
    case 'callback':
      return handling.callbackDoneAt
    case 'extension_answered':
      return undefined
  }
}

const REPAIR: readonly ClockStop[] = ['repaired', 'repaired_heat', 'fault_heat']

/** When a clock lost its object: reject, merge, nothing to repair, archive. */
export function cancelOf(stop: ClockStop, span: Span): Instant | undefined {
  const { handling, stint, ticket } = span
  const reply = handling.submissions.at(-1)
  const noRepair = reply !== undefined && reply.passed !== false && reply.outcome !== 'done'
  return earliest(
    stint?.rejectedAt,
    ticket.merged?.at,
    handling.closedAt,
    noRepair && REPAIR.includes(stop) ? reply.at : undefined,
    // Whoever has replied without a crew has nothing left to pass to one; a return brings it back.
    stop === 'assigned' && reply !== undefined && reply.passed !== false ? reply.at : undefined,
  )
}

/** Stops after which the time under review is not the unit's (A16). */
export function excludesReview(stop: ClockStop): boolean {
  return stop === 'submitted' || REPAIR.includes(stop)
}
