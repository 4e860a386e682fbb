import type { TicketFlag, TicketState } from '#contract/vocabulary.ts'
import type { Instant } from '../instant.ts'
import type { EventOf } from './event.ts'
import { reasonOf } from './route.ts'
import { type Handling, handlingOf, type Stint, type Ticket } from './ticket.ts'

export function newHandling(startAt: Instant): Handling {
  return {
    startAt,
    stints: [],
    measures: [],
    barrier: false,
    cordon: false,
    sceneReported: false,
    submissions: [],
    callbacks: [],
  }
}

export function inHandling(ticket: Ticket, change: Partial<Handling>): Ticket {
  const handling = { ...handlingOf(ticket), ...change }
  return { ...ticket, handlings: [...ticket.handlings.slice(0, -1), handling] }
}

export function inStint(ticket: Ticket, change: Partial<Stint>): Ticket {
  const { stints } = handlingOf(ticket)
  const last = stints.at(-1)
  if (last === undefined) return ticket
  return inHandling(ticket, { stints: [...stints.slice(0, -1), { ...last, ...change }] })
}

/** Names the dispatch in force among all of a ticket: `handling.stint`. */
export function runOf(ticket: Ticket): string {
  return `${String(ticket.handlings.length - 1)}.${String(handlingOf(ticket).stints.length - 1)}`
}

export function withFlag(ticket: Ticket, flag: TicketFlag): readonly TicketFlag[] {
  return ticket.flags.includes(flag) ? ticket.flags : [...ticket.flags, flag]
}

const WAY: readonly TicketState[] = [
  'returned',
  'dispatched',
  'accepted',
  'assigned',
  'en_route',
  'arrived',
  'safety_set',
  'plan_confirmed',
  'repaired',
  'restored',
]

/** Work goes forward only: a cordon set after the plan does not take the plan back. */
export function onward(ticket: Ticket, to: TicketState): Ticket {
  return WAY.indexOf(to) > WAY.indexOf(ticket.state) ? { ...ticket, state: to } : ticket
}

/** Sent to a department, by the system or by hand. */
export function sentOut(ticket: Ticket, event: EventOf<'dispatch'> | EventOf<'auto_dispatched'>): Ticket {
  const { departmentId, departmentName } = event.data
  // A telephone that nobody answers has given no order to anybody (第六条2).
  if (event.type === 'dispatch' && event.data.answered === false) {
    return { ...ticket, flags: withFlag(ticket, 'phone_unanswered') }
  }
  const department = { id: departmentId, name: departmentName, ...reasonOf(event.data) }
  const handling = handlingOf(ticket)
  if (ticket.state === 'under_review') {
    const stints = [...handling.stints, { dispatchedAt: event.occurredAt, departmentId }]
    return { ...inHandling(ticket, { stints }), department, state: 'dispatched' }
  }
  if (department.id === ticket.department.id) return ticket
  return { ...inStint(ticket, { departmentId }), department, state: 'dispatched', crewIds: [] }
}
