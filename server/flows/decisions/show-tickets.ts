import type { CallView } from '#contract/hotline.ts'
import type { IncidentView } from '#contract/incident.ts'
import type { LiveEventName } from '#contract/live.ts'
import type { TicketView, TravelView } from '#contract/ticket.ts'
import type { Person } from '../../domain/access/actor.ts'
import { callView } from '../../domain/hotline/call.ts'
import type { Incident } from '../../domain/incident/incident.ts'
import type { Instant } from '../../domain/instant.ts'
import { travelTo } from '../../domain/ticket/travel.ts'
import { assess } from '../../domain/ticket/assessment.ts'
import { isThirdParty, ruleFor } from '../../domain/ticket/clock.ts'
import type { Surroundings } from '../../domain/ticket/command.ts'
import { foldTicket } from '../../domain/ticket/evolve.ts'
import { incidentView } from '../../domain/ticket/incident-view.ts'
import type { Standing } from '../../domain/ticket/offers.ts'
import { rulesOf } from '../../domain/ticket/own-rules.ts'
import { handlingOf, isDone, stintOf, type Ticket } from '../../domain/ticket/ticket.ts'
import { ticketOnBoard, ticketTo, type ShownTicket } from '../../domain/ticket/ticket-for.ts'
import { ticketView } from '../../domain/ticket/ticket-view.ts'
import { inSlices } from '../slices.ts'
import { incidentOf, surroundingsAt } from './surroundings.ts'
import type {
  AssessedTicket,
  Services,
  Page,
  TicketFilter,
  TicketHistory,
  Repositories,
  Transaction,
} from './decisions.ts'

/** A ticket with its callers as this person may see it and act on it; numbers whole and no offers for nobody. */
export async function showTicket(
  { services, repositories }: Pick<Transaction, 'services' | 'repositories'>,
  { ticket, events }: TicketHistory,
  at: Instant,
  viewer?: Person,
): Promise<TicketView> {
  const shown = await shownTicket(
    { services, repositories },
    { ticket, events, assessment: assess(ticket, services.rules, at) },
  )
  return viewer === undefined ? shown.view : ticketTo(shown, viewer)
}

/** The same before it is known who looks. */
export async function shownTicket(
  { services, repositories }: Pick<Transaction, 'services' | 'repositories'>,
  assessed: AssessedTicket,
): Promise<ShownTicket> {
  const { ticket, assessment } = assessed
  const calls = await repositories.calls.byIds(callIdsOf(assessed))
  const surroundings = await surroundingsAt(services, repositories, assessment.at)
  const facts = surroundings(ticket, await incidentOf(repositories, ticket))
  return shownWith(services, { ...assessed, facts }, calls.map(callView))
}

function shownWith(services: Services, standing: Standing, calls: readonly CallView[]): ShownTicket {
  const { assessment, events, facts } = standing
  const { ticket, at } = assessment
  const view = ticketView(assessment, { events, calls })
  const travel = travelOf(services, ticket, at)
  const isElsewhere = isElsewhereNow(ticket, facts)
  return {
    standing,
    view: {
      ...view,
      ...(travel === undefined ? {} : { travel }),
      ...(isElsewhere ? { flags: [...view.flags, 'responsibility_changed'] } : {}),
    },
  }
}

/** The way that still lies before the crew (A29). */
function travelOf(services: Services, ticket: Ticket, asOf: Instant): TravelView | undefined {
  const { policy } = rulesOf(ticket, services.rules)
  const { position, department, kind, state } = ticket
  const { travel: pace } = policy.settings
  const isOnTheWay = TO_GO.includes(state) && handlingOf(ticket).arrivedAt === undefined
  const isOwed = policy.kinds[kind].clocks.includes('arrive') && !isThirdParty(ticket, policy)
  if (pace === undefined || position === undefined || !isOnTheWay || !isOwed) return undefined
  const way = travelTo(services.network.asOf(asOf), { departmentId: department.id, position, asOf }, pace)
  if (way === undefined) return undefined
  const { limitMinutes = Infinity } = ruleFor(policy, kind, 'arrive')
  return { ...way, from: { ...way.from }, beyondLimit: way.minutes > limitMinutes }
}

const TO_GO: readonly Ticket['state'][] = ['under_review', 'dispatched', 'accepted', 'assigned', 'en_route']

/** The table now names another department: re-dispatch is offered, and never made by itself. */
function isElsewhereNow(ticket: Ticket, facts: Surroundings): boolean {
  const { assetId, department } = ticket
  const isOut = !isDone(ticket) && stintOf(handlingOf(ticket)) !== undefined
  if (!isOut || assetId === undefined) return false
  if (department.rule === 'override' || department.rule === 'manual') return false
  const { rule, departmentId } = facts.routeNow
  return rule !== 'manual' && departmentId !== department.id
}

/**
 * A ticket as it was known at `asked`: what had been entered by then, with the clocks of that instant. Of the
 * future nothing is known yet: it is shown as it is now.
 */
export async function showTicketAt(
  services: Services,
  id: string,
  asked: Instant,
): Promise<TicketView | undefined> {
  const at = Math.min(asked, services.clock.now())
  const now = await services.store.read.tickets.load(id)
  const events = now?.events.filter((event) => event.enteredAt <= at) ?? []
  if (now === undefined || events.length === 0) return undefined
  return showTicket(
    { services, repositories: services.store.read },
    { ticket: foldTicket(id, events), events },
    at,
  )
}

/** Those that the filter lets through, each as `show` shows it. */
export async function showTickets(
  services: Services,
  filter: TicketFilter,
  show: (ticket: ShownTicket) => TicketView = ({ view }) => view,
): Promise<Page<TicketView>> {
  const at = services.clock.now()
  const { read } = services.store
  const page = await read.tickets.list(filter)
  const calls = await read.calls.byIds(page.items.flatMap(callIdsOf))
  const byId = new Map(calls.map((call) => [call.id, callView(call)]))
  const surroundings = await surroundingsAt(services, read, at)
  const incidents = new Map<string, Incident | undefined>()
  for (const { ticket } of page.items) incidents.set(ticket.id, await incidentOf(read, ticket))
  const views = page.items.values().map((item): TicketView => {
    const { ticket, events } = item
    const own = callIdsOf(item).flatMap((id): CallView[] => {
      const call = byId.get(id)
      return call === undefined ? [] : [call]
    })
    const facts = surroundings(ticket, incidents.get(ticket.id))
    return show(shownWith(services, { assessment: assess(ticket, services.rules, at), events, facts }, own))
  })
  const items = await inSlices(views)
  return page.next === undefined ? { items } : { items, next: page.next }
}

/** Linked callers, and those whose number was linked already (one call-back is owed to a number). */
function callIdsOf({ ticket, events }: TicketHistory): readonly string[] {
  const repeated = events.flatMap((event) =>
    event.type === 'note' && event.data.sameCallerId !== undefined ? [event.data.sameCallerId] : [],
  )
  return [...ticket.calls.map(({ id }) => id), ...repeated]
}

export async function showIncident(
  services: Services,
  repositories: Repositories,
  incident: Incident,
  at: Instant,
): Promise<IncidentView> {
  const [view] = await showEach(services, repositories, [incident], at)
  if (view === undefined) throw new Error(`incident ${incident.id} was not shown`)
  return view
}

export async function showIncidents(
  services: Services,
  filter: { state?: string; cursor?: string; limit: number },
): Promise<Page<IncidentView>> {
  const { read } = services.store
  const page = await read.incidents.list(filter)
  const items = await showEach(services, read, page.items, services.clock.now())
  return page.next === undefined ? { items } : { items, next: page.next }
}

/** Many incidents with two reads, however many they are. */
async function showEach(
  services: Services,
  repositories: Repositories,
  incidents: readonly Incident[],
  at: Instant,
): Promise<readonly IncidentView[]> {
  const ids = incidents.map(({ id }) => id)
  const tickets = Map.groupBy(await repositories.tickets.foldsOf(ids), ({ incidentId }) => incidentId)
  const calls = Map.groupBy(await repositories.calls.ofIncidents(ids), ({ incidentId }) => incidentId)
  const views = incidents.values().map((incident) => {
    const known = {
      tickets: tickets.get(incident.id) ?? [],
      calls: (calls.get(incident.id) ?? []).map(callView),
    }
    return incidentView(incident, known, services.rules, at)
  })
  return inSlices(views)
}

/** Everything a screen needs on opening: what is open. */
export async function showOpen(
  services: Services,
  viewer?: Person,
  most = 1000,
): Promise<{ readonly incidents: readonly IncidentView[]; readonly tickets: readonly TicketView[] }> {
  const show = viewer === undefined ? undefined : (ticket: ShownTicket) => ticketOnBoard(ticket, viewer)
  const tickets = await showTickets(services, { state: 'open', limit: most }, show)
  const incidents = await showIncidents(services, { state: 'open', limit: most })
  return { incidents: incidents.items, tickets: tickets.items }
}

/** One thing that every screen is told. */
export interface News {
  readonly event: LiveEventName
  readonly id: string
  readonly data: unknown
}

/** What the screens are told of a transaction, as it has left things. */
export async function newsOf({ services, repositories, changes }: Transaction): Promise<readonly News[]> {
  const at = services.clock.now()
  const news: News[] = []
  for (const [id, left] of changes.tickets) {
    const shown = changes.shown.get(id) ?? (await changed({ services, repositories }, id, left))
    if (shown !== undefined) news.push({ event: 'ticket', id, data: shown })
  }
  for (const id of changes.incidents) {
    const incident = await repositories.incidents.load(id)
    if (incident !== undefined)
      news.push({ event: 'incident', id, data: await showIncident(services, repositories, incident, at) })
  }
  for (const alarm of changes.alarms) news.push({ event: 'alarm', id: alarm.id, data: alarm })
  return news
}

/** Without events of its own it was only touched, and is read. */
async function changed(
  on: Pick<Transaction, 'services' | 'repositories'>,
  id: string,
  left: AssessedTicket | undefined,
): Promise<ShownTicket | undefined> {
  if (left !== undefined) return shownTicket(on, left)
  const history = await on.repositories.tickets.load(id)
  if (history === undefined) return undefined
  const { rules, clock } = on.services
  return shownTicket(on, { ...history, assessment: assess(history.ticket, rules, clock.now()) })
}
