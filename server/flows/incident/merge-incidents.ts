import type { IncidentView } from '#contract/incident.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { close } from '../../domain/incident/close.ts'
import type { Incident } from '../../domain/incident/incident.ts'
import { merge, unmerge } from '../../domain/incident/merge.ts'
import type { Instant } from '../../domain/instant.ts'
import type { EventOf } from '../../domain/ticket/event.ts'
import { isSameDefect, mergeTickets, unmergeTickets, type Merged } from '../../domain/ticket/merge.ts'
import { rulesOf } from '../../domain/ticket/own-rules.ts'
import { isDone } from '../../domain/ticket/ticket.ts'
import { appendEvents, written } from '../decisions/append-events.ts'
import type { TicketHistory, Transaction } from '../decisions/decisions.ts'
import { showIncident } from '../decisions/show-tickets.ts'

export interface Change {
  readonly actor: Person
  readonly reason: string
  readonly at: Instant
}

/** Two incidents that are one event; tickets of the same defect become one, the others move along. */
export async function mergeInto(
  transaction: Transaction,
  fromId: string,
  intoId: string,
  by: Change,
): Promise<IncidentView | Refusal> {
  const { services, repositories } = transaction
  const [from, into] = [await repositories.incidents.load(fromId), await repositories.incidents.load(intoId)]
  if (from === undefined) return refuse('not-found', { zh: '没有这个事件', en: 'there is no such incident' })
  if (into === undefined)
    return refuse('bad-value', { zh: `没有事件 ${intoId}`, en: `there is no incident ${intoId}` })
  if (from.exercise !== into.exercise)
    return refuse('bad-value', {
      zh: '演练与真实事件不能合并',
      en: 'a drill and real incidents are not merged',
    })
  const reason = { zh: `人工合并:${by.reason}`, en: `merged by hand: ${by.reason}` }
  const merged = merge(into, from, { reason, at: by.at, settings: services.settings() })
  if (isRefusal(merged)) return merged
  const [whole, gone] = merged
  const pairs = await mergePairs(transaction, { from: fromId, into: intoId }, by)
  const survivorOf = new Map(pairs.map(({ absorbed, survivor }) => [absorbed.id, survivor.id]))
  for (const { ticket, events } of await repositories.tickets.ofIncident(fromId)) {
    if (ticket.state !== 'merged') await moveTo(transaction, { ticket, events }, intoId, by)
  }
  const members = whole.members.map((member) => {
    const ticketId = survivorOf.get(member.ticketId ?? '') ?? member.ticketId
    return ticketId === undefined ? member : { ...member, ticketId }
  })
  await repositories.incidents.save({ ...whole, members }, by.at)
  await repositories.incidents.save(gone, by.at)
  return showIncident(services, repositories, { ...whole, members }, by.at)
}

async function mergePairs(
  transaction: Transaction,
  ids: { readonly from: string; readonly into: string },
  by: Change,
): Promise<readonly Merged[]> {
  const { repositories, services } = transaction
  const theirs = [...(await repositories.tickets.ofIncident(ids.into))]
  const pairs: Merged[] = []
  for (const mine of await repositories.tickets.ofIncident(ids.from)) {
    const index = theirs.findIndex(({ ticket }) => isSameDefect(ticket, mine.ticket))
    const other = theirs[index]
    if (other === undefined) continue
    theirs.splice(index, 1)
    // Of two that began in the same instant, the one that was merged into stays.
    const pair = mergeTickets(other, mine, { ...by, newId: services.newId })
    await writePair(transaction, pair, [mine, other], by.at)
    pairs.push(pair)
  }
  return pairs
}

async function writePair(
  transaction: Transaction,
  pair: Merged,
  histories: readonly TicketHistory[],
  at: Instant,
): Promise<void> {
  for (const { ticket, events } of histories) {
    const added = ticket.id === pair.survivor.id ? pair.intoSurvivor : pair.intoAbsorbed
    written(await appendEvents(transaction, { id: ticket.id, before: events, added }, at))
  }
}

/** The ticket belongs to another incident from now on; its clocks do not notice. */
export async function moveTo(
  transaction: Transaction,
  { ticket, events }: TicketHistory,
  incidentId: string,
  by: Change,
): Promise<void> {
  const note: EventOf<'note'> = {
    id: transaction.services.newId(),
    type: 'note',
    occurredAt: by.at,
    enteredAt: by.at,
    actor: by.actor,
    data: { text: `归入事件 ${incidentId}:${by.reason}`, incidentId },
  }
  written(await appendEvents(transaction, { id: ticket.id, before: events, added: [note] }, by.at))
  for (const call of await transaction.repositories.calls.ofTickets([ticket.id])) {
    await transaction.repositories.calls.save({ ...call, incidentId })
  }
}

/** Takes a merge back: the other incident, its tickets, their starts and clocks are whole again. */
export async function takeApart(
  transaction: Transaction,
  into: Incident,
  from: Incident,
  by: Change,
): Promise<readonly [Incident, Incident] | Refusal> {
  const { services, repositories } = transaction
  const apart = unmerge(into, from, services.settings())
  if (isRefusal(apart)) return apart
  const all = [
    ...(await repositories.tickets.ofIncident(into.id)),
    ...(await repositories.tickets.ofIncident(from.id)),
  ]
  const pairs = all.flatMap((one) => {
    const other = all.find(({ ticket }) => ticket.id === one.ticket.merged?.into)
    return other !== undefined && crosses(one, other, from.id) ? [[one, other] as const] : []
  })
  for (const [absorbed, survivor] of pairs) {
    const pair = unmergeTickets(survivor.ticket, absorbed.ticket, {
      ...by,
      newId: services.newId,
      policy: rulesOf(survivor.ticket, services.rules).policy,
    })
    await writePair(transaction, pair, [survivor, absorbed], by.at)
  }
  for (const { ticket } of all) {
    const now = await repositories.tickets.load(ticket.id)
    const isBack = now?.ticket.incidentId === into.id && originOf(now) === from.id
    if (now !== undefined && isBack) await moveTo(transaction, now, from.id, by)
  }
  const [rest, back] = apart
  const absorbedOf = new Map(pairs.map(([absorbed, survivor]) => [survivor.ticket.id, absorbed]))
  const members = rest.members.map((member) => {
    const own = absorbedOf.get(member.ticketId ?? '')
    const isOwn = own !== undefined && originOf(own) !== from.id
    return isOwn ? { ...member, ticketId: own.ticket.id } : member
  })
  const whole = [await closed(transaction, { ...rest, members }), await closed(transaction, back)] as const
  for (const incident of whole) {
    await repositories.incidents.save(incident, by.at)
  }
  return whole
}

/** A survivor that had only waited for the other's callers may have been the last that was open. */
async function closed(
  { repositories }: Pick<Transaction, 'repositories'>,
  incident: Incident,
): Promise<Incident> {
  const tickets = await repositories.tickets.foldsOf([incident.id])
  return close(
    incident,
    tickets.map((ticket) => ({ id: ticket.id, closed: isDone(ticket) })),
  )
}

function crosses(one: TicketHistory, other: TicketHistory, fromId: string): boolean {
  return (originOf(one) === fromId) !== (originOf(other) === fromId)
}

/** The incident that a ticket was opened in, whatever it belongs to now. */
function originOf({ events }: TicketHistory): string | undefined {
  const [first] = events
  return first?.type === 'opened' ? first.data.incidentId : undefined
}
