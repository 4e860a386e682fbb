import type { TicketEventType } from '#contract/vocabulary.ts'
import type { Instant } from '../instant.ts'
import { inHandling, inStint, onward } from './change.ts'
import type { TicketEvent } from './event.ts'
import {
  appointmentsOf,
  handlingOf,
  stintOf,
  type Appointment,
  type Handling,
  type Ticket,
} from './ticket.ts'

/** What the unit and its crew report, from acceptance to restored heat. */
export function fieldWork(ticket: Ticket, event: TicketEvent): Ticket {
  const done = reported(TAKING.includes(event.type) ? taken(ticket, event.occurredAt) : ticket, event)
  return KEEPING.includes(event.type) ? keepAppointment(done, event.occurredAt) : done
}

/** Working on a ticket that nobody has signed for is taking it. */
const TAKING: readonly TicketEventType[] = [
  'assign',
  'depart',
  'arrive',
  'repair',
  'restore',
  'contact',
  'contact_facility',
  'submit',
  'unfounded',
  'request_extension',
]

function taken(ticket: Ticket, at: Instant): Ticket {
  const stint = stintOf(handlingOf(ticket))
  return stint === undefined || stint.acceptedAt !== undefined ? ticket : inStint(ticket, { acceptedAt: at })
}

/** Being there, or being done with it, keeps an appointment. */
const KEEPING: readonly TicketEventType[] = ['arrive', 'repair', 'restore', 'submit', 'unfounded']

function keepAppointment(ticket: Ticket, at: Instant): Ticket {
  const { appointment, otherAppointments } = handlingOf(ticket)
  const kept = (one: Appointment): Appointment =>
    one.keptAt !== undefined || at < one.madeAt ? one : { ...one, keptAt: at }
  return inHandling(ticket, {
    ...(appointment === undefined ? {} : { appointment: kept(appointment) }),
    ...(otherAppointments === undefined ? {} : { otherAppointments: otherAppointments.map(kept) }),
  })
}

/** A promise takes the place of an earlier one to the same caller, and stands beside those to others. */
function promised(handling: Handling, made: Appointment): Partial<Handling> {
  const others = appointmentsOf(handling).filter(({ takenFrom }) => takenFrom !== made.takenFrom)
  return { appointment: made, ...(others.length === 0 ? {} : { otherAppointments: others }) }
}

function reported(ticket: Ticket, event: TicketEvent): Ticket {
  const at = event.occurredAt
  const handling = handlingOf(ticket)
  const stint = handling.stints.at(-1)
  switch (event.type) {
    case 'accept':
      return onward(inStint(ticket, { acceptedAt: stint?.acceptedAt ?? at }), 'accepted')
    case 'assign': {
      const assigned = inStint(ticket, { assignedAt: stint?.assignedAt ?? at })
      return { ...onward(assigned, 'assigned'), crewIds: event.data.crewIds }
    }
    case 'depart':
      // Who drives off has the job: passing it to the crew cannot be later than that.
      return onward(inStint(ticket, { assignedAt: stint?.assignedAt ?? at }), 'en_route')
    case 'arrive': {
      const passed = inStint(ticket, { assignedAt: stint?.assignedAt ?? at })
      const arrivedAt = handling.arrivedAt ?? at
      const { heatAffected } = event.data
      return onward(inHandling(passed, { arrivedAt, sceneReported: true, heatAffected }), 'arrived')
    }
    case 'safety': {
      const { measures, noneReason, barrier, cordon, reportedToServiceAt } = event.data
      const change = {
        safetyAt: handling.safetyAt ?? at,
        measures: [...new Set([...handling.measures, ...measures])],
        barrier: handling.barrier || barrier === true,
        cordon: handling.cordon || cordon === true,
        ...(noneReason === undefined ? {} : { noneReason }),
        ...(reportedToServiceAt === undefined ? {} : { reportedToServiceAt }),
      }
      return onward(inHandling(ticket, change), 'safety_set')
    }
    case 'plan':
      return onward(inHandling(ticket, { planAt: handling.planAt ?? at }), 'plan_confirmed')
    case 'repair':
      // Repaired again after a return: the later report is the true one.
      return onward(inHandling(ticket, { repairedAt: at }), 'repaired')
    case 'restore': {
      const { faultClearedAt, heatRestoredAt } = event.data
      const cleared = faultClearedAt ?? handling.faultClearedAt
      const change = { heatRestoredAt, ...(cleared === undefined ? {} : { faultClearedAt: cleared }) }
      return onward(inHandling(ticket, change), 'restored')
    }
    case 'contact': {
      const { reached, appointmentAt } = event.data
      const { takenFrom } = event.data
      // Who has spoken with the caller of a merged ticket has not spoken with this one's own.
      const isOwn = takenFrom === undefined || ticket.calls.every((call) => call.fromTicketId !== undefined)
      const contactedAt = handling.contactedAt ?? (reached && isOwn ? at : undefined)
      const from = takenFrom === undefined ? {} : { takenFrom }
      return inHandling(ticket, {
        ...(contactedAt === undefined ? {} : { contactedAt }),
        ...(appointmentAt === undefined
          ? {}
          : promised(handling, { at: appointmentAt, madeAt: at, ...from })),
      })
    }
    case 'contact_facility':
      return inHandling(ticket, {
        facilityContactAt: handling.facilityContactAt ?? at,
        sceneReported: true,
        heatAffected: event.data.heatAffected,
      })
    default:
      return ticket
  }
}
