import type { CallView } from '#contract/hotline.ts'
import type { IncidentView } from '#contract/incident.ts'
import type { TicketView, TravelView } from '#contract/ticket.ts'
import { callView } from '../../domain/hotline/call.ts'
import type { Incident } from '../../domain/incident/incident.ts'
import type { Instant } from '../../domain/instant.ts'
import { travelTo } from '../../domain/ticket/travel.ts'
import { isThirdParty, ruleFor } from '../../domain/ticket/clock.ts'
import { foldTicket } from '../../domain/ticket/evolve.ts'
import { incidentView } from '../../domain/ticket/incident-view.ts'
import { rulesOf } from '../../domain/ticket/own-rules.ts'
import { handlingOf, isDone, stintOf, type Ticket } from '../../domain/ticket/ticket.ts'
import { ticketView } from '../../domain/ticket/ticket-view.ts'
import { inSlices } from '../slices.ts'
import { routeOf } from './open-ticket.ts'
import type { Changes, Desk, Page, TicketFilter, TicketHistory, Unit } from '../decisions.ts'

/** A ticket with its callers, numbers whole. */
export async function showTicket(
  desk: Desk,
  unit: Unit,
  { ticket, events }: TicketHistory,
  at: Instant,
): Promise<TicketView> {
  const calls = await unit.calls.byIds(callIdsOf({ ticket, events }))
  return viewOf(desk, { ticket, events, calls: calls.map(callView) }, at)
}

function viewOf(
  desk: Desk,
  { ticket, ...known }: TicketHistory & { readonly calls: readonly CallView[] },
  at: Instant,
): TicketView {
  const view = ticketView(ticket, known, desk.rules, at)
  const travel = travelOf(desk, ticket, at)
  return {
    ...view,
    ...(travel === undefined ? {} : { travel }),
    ...(isElsewhereNow(desk, ticket, at) ? { flags: [...view.flags, 'responsibility_changed'] } : {}),
  }
}

/** The way that still lies before the crew (A29). */
function travelOf(desk: Desk, ticket: Ticket, asOf: Instant): TravelView | undefined {
  const { policy } = rulesOf(ticket, desk.rules)
  const { position, department, kind, state } = ticket
  const { travel: pace } = policy.settings
  const isOnTheWay = TO_GO.includes(state) && handlingOf(ticket).arrivedAt === undefined
  const isOwed = policy.kinds[kind].clocks.includes('arrive') && !isThirdParty(ticket, policy)
  if (pace === undefined || position === undefined || !isOnTheWay || !isOwed) return undefined
  const way = travelTo(desk.network.asOf(asOf), { departmentId: department.id, position, asOf }, pace)
  if (way === undefined) return undefined
  const { limitMinutes = Infinity } = ruleFor(policy, kind, 'arrive')
  return { ...way, from: { ...way.from }, beyondLimit: way.minutes > limitMinutes }
}

const TO_GO: readonly Ticket['state'][] = ['under_review', 'dispatched', 'accepted', 'assigned', 'en_route']

/** The table now names another department: re-dispatch is offered, and never made by itself (A11). */
function isElsewhereNow(desk: Desk, ticket: Ticket, at: Instant): boolean {
  const { kind, source, openedAt, exercise, assetId, position, department } = ticket
  const isOut = !isDone(ticket) && stintOf(handlingOf(ticket)) !== undefined
  if (!isOut || assetId === undefined || department.rule === 'override' || department.rule === 'manual')
    return false
  const defect = {
    kind,
    source,
    openedAt,
    exercise,
    assetId,
    ...(position === undefined ? {} : { position }),
  }
  const now = routeOf(desk, defect, at)
  return now.rule !== 'manual' && now.departmentId !== department.id
}

/**
 * A ticket as it was known at `asked`: what had been entered by then, with the clocks of that instant. Of the
 * future nothing is known yet: it is shown as it is now.
 */
export async function showTicketAt(desk: Desk, id: string, asked: Instant): Promise<TicketView | undefined> {
  const at = Math.min(asked, desk.clock.now())
  const now = await desk.store.read.tickets.load(id)
  const events = now?.events.filter((event) => event.enteredAt <= at) ?? []
  if (now === undefined || events.length === 0) return undefined
  return showTicket(desk, desk.store.read, { ticket: foldTicket(id, events), events }, at)
}

export async function showTickets(desk: Desk, filter: TicketFilter): Promise<Page<TicketView>> {
  const at = desk.clock.now()
  const { read } = desk.store
  const page = await read.tickets.list(filter)
  const calls = await read.calls.byIds(page.items.flatMap(callIdsOf))
  const byId = new Map(calls.map((call) => [call.id, callView(call)]))
  const views = page.items.values().map((item) => {
    const own = callIdsOf(item).flatMap((id): CallView[] => {
      const call = byId.get(id)
      return call === undefined ? [] : [call]
    })
    return viewOf(desk, { ...item, calls: own }, at)
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
  desk: Desk,
  unit: Unit,
  incident: Incident,
  at: Instant,
): Promise<IncidentView> {
  const [view] = await showEach(desk, unit, [incident], at)
  if (view === undefined) throw new Error(`incident ${incident.id} was not shown`)
  return view
}

export async function showIncidents(
  desk: Desk,
  filter: { state?: string; cursor?: string; limit: number },
): Promise<Page<IncidentView>> {
  const { read } = desk.store
  const page = await read.incidents.list(filter)
  const items = await showEach(desk, read, page.items, desk.clock.now())
  return page.next === undefined ? { items } : { items, next: page.next }
}

/** Many incidents with two reads, however many they are. */
async function showEach(
  desk: Desk,
  unit: Unit,
  incidents: readonly Incident[],
  at: Instant,
): Promise<readonly IncidentView[]> {
  const ids = incidents.map(({ id }) => id)
  const tickets = Map.groupBy(await unit.tickets.foldsOf(ids), ({ incidentId }) => incidentId)
  const calls = Map.groupBy(await unit.calls.ofIncidents(ids), ({ incidentId }) => incidentId)
  const views = incidents.values().map((incident) => {
    const known = {
      tickets: tickets.get(incident.id) ?? [],
      calls: (calls.get(incident.id) ?? []).map(callView),
    }
    return incidentView(incident, known, desk.rules, at)
  })
  return inSlices(views)
}

/** Everything a screen needs on opening: what is open, whole. */
export async function showOpen(
  desk: Desk,
  most = 1000,
): Promise<{ readonly incidents: readonly IncidentView[]; readonly tickets: readonly TicketView[] }> {
  const tickets = await showTickets(desk, { state: 'open', limit: most })
  const incidents = await showIncidents(desk, { state: 'open', limit: most })
  return { incidents: incidents.items, tickets: tickets.items }
}

/** Tells every screen what a committed transaction has changed. */
export async function publishChanges(desk: Desk, changes: Changes): Promise<void> {
  const at = desk.clock.now()
  const { read } = desk.store
  for (const id of changes.tickets) {
    const history = await read.tickets.load(id)
    if (history !== undefined) desk.live.publish('ticket', id, await showTicket(desk, read, history, at))
  }
  for (const id of changes.incidents) {
    const incident = await read.incidents.load(id)
    if (incident !== undefined)
      desk.live.publish('incident', id, await showIncident(desk, read, incident, at))
  }
  for (const alarm of changes.alarms) desk.live.publish('alarm', alarm.id, alarm)
}
