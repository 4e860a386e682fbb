import type { Position } from '#contract/identity.ts'
import type { TicketFlag, TicketKind, TicketSource } from '#contract/vocabulary.ts'
import { type Actor, SCHEDULE } from '../access/actor.ts'
import type { Instant } from '../instant.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import type { Dispatched, EventOf, TicketEvent } from './event.ts'
import { reasonOf, type Route } from './route.ts'

/** A defect that becomes a ticket, with all that was found out about it beforehand. */
export interface NewTicket {
  readonly number: string
  readonly kind: TicketKind
  readonly source: TicketSource
  /** The call's `receivedAt`, or the instant at which the rule confirmed it. */
  readonly openedAt: Instant
  readonly eventAt?: Instant
  readonly incidentId?: string
  readonly assetId?: string
  readonly position?: Position
  readonly address?: string
  readonly route: Route
  readonly areaId?: string
  readonly managedBy: string
  readonly edition?: string
  readonly callId?: string
  readonly exercise: boolean
  readonly flags: readonly TicketFlag[]
}

/**
 * The first lines of a ticket. 特级 and 一级 that are phoned or confirmed, and that the table can route,
 * go out in the same instant (A3); everything else waits in the dispatcher's gate while the time to dispatch runs.
 */
export function openTicket(
  ticket: NewTicket,
  by: { readonly actor: Actor; readonly at: Instant; readonly confirmed: boolean },
  policy: PolicyPack,
  newId: () => string,
): readonly TicketEvent[] {
  const { openedAt, ...said } = ticket
  const { level } = policy.kinds[ticket.kind]
  const opened: EventOf<'opened'> = {
    id: newId(),
    type: 'opened',
    occurredAt: openedAt,
    enteredAt: by.at,
    actor: by.actor,
    data: { ...said, level },
  }
  const goesOut = by.confirmed && policy.levels[level].atOnce && ticket.route.rule !== 'manual'
  return goesOut ? [opened, dispatchAtOnce(ticket.route, by.at, newId)] : [opened]
}

/** The dispatch that the system makes itself: at opening, or when a suspicion is confirmed. */
export function dispatchAtOnce(route: Route, at: Instant, newId: () => string): EventOf<'auto_dispatched'> {
  const { departmentId, departmentName } = route
  const data: Dispatched = { departmentId, departmentName, ...reasonOf(route), channel: 'system' }
  return { id: newId(), type: 'auto_dispatched', occurredAt: at, enteredAt: at, actor: SCHEDULE, data }
}
