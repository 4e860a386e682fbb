import type { IncidentView } from '#contract/incident.ts'
import type { SystemHealth } from '#contract/live.ts'
import type { TicketView } from '#contract/ticket.ts'
import type { Person } from '../access/actor.ts'
import { healthFor, incidentFor, ticketFor } from '../access/mask.ts'
import { offersTo, type Standing } from './offers.ts'

/** A ticket on its way to whoever may look at it: each sees what is theirs to see, and is offered what is theirs to do. */
export interface ShownTicket {
  readonly view: TicketView
  readonly standing: Standing
}

export function ticketTo({ view, standing }: ShownTicket, viewer: Person): TicketView {
  const seen = ticketFor(view, viewer)
  const facts = { ...standing.facts, calls: seen.calls }
  return { ...seen, ...offersTo({ ...standing, facts }, viewer) }
}

/**
 * A ticket among all the open ones with which a screen opens. What may be done with it comes along for its own
 * unit, which may lose its signal, and where it waits for this person; of the rest a desk asks on opening it.
 */
export function ticketOnBoard(shown: ShownTicket, viewer: Person): TicketView {
  const whole = ticketTo(shown, viewer)
  const { offers = [], ...rest } = whole
  const isAsked = whole.course === undefined && offers.length > 0 && !offers.some(({ next }) => next === true)
  return isAsked ? rest : whole
}

/** What a live event may say to this person. */
export function censor(event: string, data: unknown, viewer: Person): unknown {
  if (event === 'health') return healthFor(data as SystemHealth, viewer)
  if (event === 'ticket') return ticketTo(data as ShownTicket, viewer)
  return event === 'incident' ? incidentFor(data as IncidentView, viewer) : data
}
