import type { CommandName } from '#contract/commands/commands.ts'
import type { Instant } from '../instant.ts'
import { inHandling, inStint, newHandling, runOf, sentOut, withFlag } from './change.ts'
import { COMMAND_TABLE } from './commands/table.ts'
import { inForce } from './corrected.ts'
import type { EventOf, TicketEvent } from './event.ts'
import { reasonOf } from './route.ts'
import { handlingOf, stintOf, type Appointment, type Ticket } from './ticket.ts'
import { markOf } from './watch.ts'

/**
 * A ticket from its events, oldest first, each as it counts by now (corrected.ts).
 * Leave out events entered after an instant to get the ticket as it was known then.
 */
export function foldTicket(id: string, events: readonly TicketEvent[]): Ticket {
  const [first, ...rest] = inForce(events)
  if (first?.type !== 'opened') throw new Error(`ticket ${id} does not begin with opened`)
  const ticket = rest.reduce(evolve, opened(id, first))
  return { ...ticket, version: events.length }
}

/** The state after one more event. Corrections and un-merging need the whole history: see `foldTicket`. */
export function evolve(ticket: Ticket, event: TicketEvent): Ticket {
  const next = withNews(apply(ticket, event), event)
  const flags = event.late === true ? withFlag(next, 'late_entry') : next.flags
  return { ...next, version: ticket.version + 1, flags }
}

/** Whatever is said of the work, and the asking itself (催办): the desk need not ask for a while. */
function withNews(ticket: Ticket, { type, actor, occurredAt, enteredAt, data }: TicketEvent): Ticket {
  const isNews =
    type === 'auto_dispatched' || (actor.kind === 'person' && type !== 'merged' && type !== 'unmerged')
  if (!isNews) return ticket
  const { newsAt = -Infinity } = handlingOf(ticket)
  return inHandling(ticket, {
    newsAt: data.takenFrom === undefined ? enteredAt : Math.max(newsAt, occurredAt),
  })
}

function apply(ticket: Ticket, event: TicketEvent): Ticket {
  switch (event.type) {
    case 'opened':
      throw new Error(`ticket ${ticket.id} was opened twice`)
    case 'auto_dispatched':
      return sentOut(ticket, event)
    case 'deemed_accepted':
      return { ...ticket, deemed: [...ticket.deemed, runOf(ticket)] }
    case 'warned':
    case 'breached': {
      const { clock, run, step } = event.data
      return { ...ticket, marks: [...ticket.marks, `${clock}|${run}|${step}`] }
    }
    case 'watched': {
      const { what, dueAt } = event.data
      return { ...ticket, marks: [...ticket.marks, markOf(what, ticket, dueAt)] }
    }
    case 'merged':
    case 'unmerged':
      return merging(ticket, event)
    default:
      return commanded(ticket, event.type, event)
  }
}

/** What a command does to the ticket, and what follows from its having been done at all. */
function commanded<Name extends CommandName>(ticket: Ticket, name: Name, event: EventOf<Name>): Ticket {
  const { apply, takes, keepsAppointment } = COMMAND_TABLE[name]
  const taken = takes === true ? take(ticket, event.occurredAt) : ticket
  const done = apply(taken, event)
  return keepsAppointment === true ? keepAppointment(done, event.occurredAt) : done
}

function take(ticket: Ticket, at: Instant): Ticket {
  const stint = stintOf(handlingOf(ticket))
  return stint === undefined || stint.acceptedAt !== undefined ? ticket : inStint(ticket, { acceptedAt: at })
}

function keepAppointment(ticket: Ticket, at: Instant): Ticket {
  const { appointment, otherAppointments } = handlingOf(ticket)
  const kept = (one: Appointment): Appointment =>
    one.keptAt !== undefined || at < one.madeAt ? one : { ...one, keptAt: at }
  return inHandling(ticket, {
    ...(appointment === undefined ? {} : { appointment: kept(appointment) }),
    ...(otherAppointments === undefined ? {} : { otherAppointments: otherAppointments.map(kept) }),
  })
}

function opened(id: string, event: EventOf<'opened'>): Ticket {
  const { route, callId, flags, exercise, managedBy, number, kind, level, source, ...where } = event.data
  return {
    id,
    number,
    version: 1,
    kind,
    level,
    source,
    state: 'under_review',
    ...where,
    levels: [{ level, at: event.occurredAt }],
    openedAt: event.occurredAt,
    managedBy,
    department: { id: route.departmentId, name: route.departmentName, ...reasonOf(route) },
    crewIds: [],
    handlings: [newHandling(event.occurredAt)],
    extensions: [],
    calls: callId === undefined ? [] : [{ id: callId, linkedAt: event.occurredAt }],
    returnCount: 0,
    marks: [],
    deemed: [],
    flags: [...flags],
    exercise,
  }
}

function merging(ticket: Ticket, event: EventOf<'merged'> | EventOf<'unmerged'>): Ticket {
  const { role, otherTicketId, callIds } = event.data
  if (role === 'survivor') {
    const added = callIds.map((id) => ({ id, linkedAt: event.enteredAt, fromTicketId: otherTicketId }))
    const own = ticket.calls.filter(({ id }) => !callIds.includes(id))
    if (event.type === 'unmerged') return leftAlone({ ...ticket, calls: own }, event)
    const flags = event.data.hot === true ? withFlag(ticket, 'hot') : ticket.flags
    return { ...ticket, calls: [...ticket.calls, ...added], flags }
  }
  if (event.type === 'merged') {
    const merged = { into: otherTicketId, at: event.occurredAt, from: ticket.state }
    return { ...ticket, state: 'merged', merged }
  }
  const { merged, ...restored } = ticket
  return { ...restored, state: merged?.from ?? ticket.state }
}

/** Nobody is left whom a call-back is owed: what it waited for has gone with the other ticket (G4). */
function leftAlone(ticket: Ticket, { data, occurredAt }: EventOf<'unmerged'>): Ticket {
  if (data.done !== true) return ticket
  const last = handlingOf(ticket).callbacks.findLast(({ callId }) =>
    ticket.calls.some(({ id }) => id === callId),
  )
  const done = last === undefined ? {} : { callbackDoneAt: last.at }
  return { ...inHandling(ticket, { ...done, closedAt: occurredAt }), state: 'archived' }
}
