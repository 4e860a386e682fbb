import { inHandling, inStint, newHandling, runOf, withFlag } from './change.ts'
import { inForce } from './corrected.ts'
import { closing } from './evolve-closing.ts'
import { fieldWork } from './evolve-work.ts'
import type { EventOf, TicketEvent } from './event.ts'
import { handlingOf, type Ticket } from './ticket.ts'
import { markOf } from './watch.ts'
import { reasonOf } from './route.ts'

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
    case 'approve':
      return { ...ticket, approvedAt: event.occurredAt }
    case 'answer':
      return {
        ...inHandling(ticket, { answeredAt: event.occurredAt, closedAt: event.occurredAt }),
        state: 'archived',
        flags: withFlag(ticket, 'answered_directly'),
      }
    case 'auto_dispatched':
    case 'dispatch':
      return dispatched(ticket, event)
    case 'reject':
      return {
        ...inStint(ticket, { rejectedAt: event.occurredAt }),
        state: 'under_review',
        crewIds: [],
        flags: withFlag(ticket, 'mis_dispatched'),
      }
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
    case 'raise_level':
      return {
        ...ticket,
        level: event.data.level,
        levels: [...ticket.levels, { level: event.data.level, at: event.enteredAt }],
      }
    case 'note':
      return noted(ticket, event)
    case 'remind':
      return ticket
    case 'correct':
      return { ...ticket, flags: withFlag(ticket, 'corrected') }
    case 'merged':
    case 'unmerged':
      return merging(ticket, event)
    default:
      return closing(fieldWork(ticket, event), event)
  }
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

function dispatched(ticket: Ticket, event: EventOf<'dispatch'> | EventOf<'auto_dispatched'>): Ticket {
  const { departmentId, departmentName } = event.data
  // A telephone that nobody answers has given no order to anybody (第六条2).
  if (event.type === 'dispatch' && event.data.answered === false) {
    return { ...ticket, flags: withFlag(ticket, 'phone_unanswered') }
  }
  const department = { id: departmentId, name: departmentName, ...reasonOf(event.data) }
  const handling = handlingOf(ticket)
  const moved = department.id !== ticket.department.id
  if (ticket.state === 'under_review') {
    const stints = [...handling.stints, { dispatchedAt: event.occurredAt, departmentId }]
    return { ...inHandling(ticket, { stints }), department, state: 'dispatched' }
  }
  if (!moved) return ticket
  return { ...inStint(ticket, { departmentId }), department, state: 'dispatched', crewIds: [] }
}

function noted(ticket: Ticket, event: EventOf<'note'>): Ticket {
  const { callId, receivedAt, incidentId, hot } = event.data
  const told = hot === true ? { ...ticket, flags: withFlag(ticket, 'hot') } : ticket
  const moved = incidentId === undefined ? told : { ...told, incidentId }
  const first = handlingOf(moved)
  const earlier = receivedAt !== undefined && moved.handlings.length === 1 && receivedAt < first.startAt
  // The earliest of all signals starts the clocks of the report.
  const started = earlier ? inHandling(moved, { startAt: receivedAt }) : moved
  if (callId === undefined) return started
  return { ...started, calls: [...started.calls, { id: callId, linkedAt: event.enteredAt }] }
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
