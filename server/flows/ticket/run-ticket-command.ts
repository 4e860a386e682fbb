import type { TicketView } from '#contract/ticket.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { close, reopen } from '../../domain/incident/close.ts'
import type { Incident } from '../../domain/incident/incident.ts'
import type { TicketFacts } from '../../domain/ticket/command.ts'
import { decide, type TicketCommand } from '../../domain/ticket/decide.ts'
import { ticketTo } from '../../domain/ticket/ticket-for.ts'
import { isDone, type Ticket } from '../../domain/ticket/ticket.ts'
import { appendEvents } from '../decisions/append-events.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { Desk, OnceKey, Work } from '../decisions/decisions.ts'
import { shownTicket } from '../decisions/show-tickets.ts'
import { surroundingsAt } from '../decisions/surroundings.ts'

/** The one way that people change a ticket. */
export async function runTicketCommand(
  desk: Desk,
  asked: { readonly id: string; readonly command: TicketCommand; readonly actor: Person },
  once?: OnceKey,
): Promise<TicketView | Refusal> {
  const people = await peopleOf(desk, asked.command)
  return decideTogether(
    desk,
    async (work) => {
      const { unit } = work
      const history = await unit.tickets.load(asked.id)
      if (history === undefined)
        return refuse('not-found', { zh: '没有这个工单', en: 'there is no such ticket' })
      const { ticket, events } = history
      const at = desk.clock.now()
      const facts = await factsOf(work, ticket, asked.command, people)
      const on = { ticket, events, actor: asked.actor, at, rules: desk.rules, facts }
      const event = decide(on, asked.command)
      if (isRefusal(event)) return event
      const after = await appendEvents(work, { id: ticket.id, before: events, added: [event] }, at)
      if (isRefusal(after)) return after
      await followInIncident(work, after.ticket)
      const shown = await shownTicket(work, after)
      work.changes.shown.set(ticket.id, shown)
      return ticketTo(shown, asked.actor)
    },
    once,
  )
}

/** Looked up beforehand: people are kept elsewhere, and a transaction reads nothing but its own. */
async function peopleOf(desk: Desk, { body }: TicketCommand): Promise<ReadonlyMap<string, Person>> {
  const ids = Array.isArray(body['crewIds']) ? body['crewIds'].slice(0, 50) : []
  const people = new Map<string, Person>()
  for (const id of ids) {
    const person = typeof id === 'string' ? await desk.person(id) : undefined
    if (person !== undefined) people.set(person.id, person)
  }
  return people
}

async function factsOf(
  { desk, unit }: Work,
  ticket: Ticket,
  { body }: TicketCommand,
  people: ReadonlyMap<string, Person>,
): Promise<TicketFacts> {
  const { id, incidentId } = ticket
  const incident = incidentId === undefined ? undefined : await unit.incidents.load(incidentId)
  const surroundings = await surroundingsAt(desk, unit, desk.clock.now())
  const named = [body['attachmentIds'], body['evidenceIds']].flatMap((ids) => (Array.isArray(ids) ? ids : []))
  const ids = named.filter((each) => typeof each === 'string').slice(0, 200)
  return Object.assign(surroundings(ticket, incident), {
    people,
    attachments: await unit.attachments.existing(ids),
    sensorAbnormal: isAbnormal(incident, id),
    newId: desk.newId,
  })
}

/** Does a finding about this very defect still stand (G2)? */
function isAbnormal(incident: Incident | undefined, ticketId: string): boolean {
  return (
    incident?.members.some(
      (member) => member.type === 'finding' && member.ticketId === ticketId && member.clearedAt === undefined,
    ) ?? false
  )
}

/** An incident is over when its tickets are, opens with them again, and is confirmed by a dispatch. */
async function followInIncident({ unit, desk }: Work, ticket: Ticket): Promise<void> {
  const incident = ticket.incidentId === undefined ? undefined : await unit.incidents.load(ticket.incidentId)
  if (incident === undefined) return
  const tickets = await unit.tickets.foldsOf([incident.id])
  const facts = tickets.map((each) => ({ id: each.id, closed: isDone(each) }))
  const opened = isDone(ticket) ? incident : reopen(incident, desk.settings())
  const seen = ticket.state === 'dispatched' && opened.state === 'suspected'
  const confirmed: Incident = seen ? { ...opened, version: opened.version + 1, state: 'confirmed' } : opened
  const after = close(confirmed, facts)
  if (after !== incident) await unit.incidents.save(after, desk.clock.now())
}
