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
import type { Services, OnceKey, Transaction } from '../decisions/decisions.ts'
import { shownTicket } from '../decisions/show-tickets.ts'
import { surroundingsAt } from '../decisions/surroundings.ts'

/** The one way that people change a ticket. */
export async function runTicketCommand(
  services: Services,
  asked: { readonly id: string; readonly command: TicketCommand; readonly actor: Person },
  once?: OnceKey,
): Promise<TicketView | Refusal> {
  const people = await peopleOf(services, asked.command)
  return decideTogether(
    services,
    async (transaction) => {
      const { repositories } = transaction
      const history = await repositories.tickets.load(asked.id)
      if (history === undefined)
        return refuse('not-found', { zh: '没有这个工单', en: 'there is no such ticket' })
      const { ticket, events } = history
      const at = services.clock.now()
      const facts = await factsOf(transaction, ticket, asked.command, people)
      const on = { ticket, events, actor: asked.actor, at, rules: services.rules, facts }
      const event = decide(on, asked.command)
      if (isRefusal(event)) return event
      const after = await appendEvents(transaction, { id: ticket.id, before: events, added: [event] }, at)
      if (isRefusal(after)) return after
      await followInIncident(transaction, after.ticket)
      const shown = await shownTicket(transaction, after)
      transaction.changes.shown.set(ticket.id, shown)
      return ticketTo(shown, asked.actor)
    },
    once,
  )
}

/** Looked up beforehand: people are kept elsewhere, and a transaction reads nothing but its own. */
async function peopleOf(services: Services, { body }: TicketCommand): Promise<ReadonlyMap<string, Person>> {
  const ids = Array.isArray(body['crewIds']) ? body['crewIds'].slice(0, 50) : []
  const people = new Map<string, Person>()
  for (const id of ids) {
    const person = typeof id === 'string' ? await services.person(id) : undefined
    if (person !== undefined) people.set(person.id, person)
  }
  return people
}

async function factsOf(
  { services, repositories }: Transaction,
  ticket: Ticket,
  { body }: TicketCommand,
  people: ReadonlyMap<string, Person>,
): Promise<TicketFacts> {
  const { id, incidentId } = ticket
  const incident = incidentId === undefined ? undefined : await repositories.incidents.load(incidentId)
  const surroundings = await surroundingsAt(services, repositories, services.clock.now())
  const named = [body['attachmentIds'], body['evidenceIds']].flatMap((ids) => (Array.isArray(ids) ? ids : []))
  const ids = named.filter((each) => typeof each === 'string').slice(0, 200)
  return Object.assign(surroundings(ticket, incident), {
    people,
    attachments: await repositories.attachments.existing(ids),
    sensorAbnormal: isAbnormal(incident, id),
    newId: services.newId,
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
async function followInIncident({ repositories, services }: Transaction, ticket: Ticket): Promise<void> {
  const incident =
    ticket.incidentId === undefined ? undefined : await repositories.incidents.load(ticket.incidentId)
  if (incident === undefined) return
  const tickets = await repositories.tickets.foldsOf([incident.id])
  const facts = tickets.map((each) => ({ id: each.id, closed: isDone(each) }))
  const opened = isDone(ticket) ? incident : reopen(incident, services.settings())
  const seen = ticket.state === 'dispatched' && opened.state === 'suspected'
  const confirmed: Incident = seen ? { ...opened, version: opened.version + 1, state: 'confirmed' } : opened
  const after = close(confirmed, facts)
  if (after !== incident) await repositories.incidents.save(after, services.clock.now())
}
