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
import type { TicketHistory, Work } from '../decisions/decisions.ts'
import { showIncident } from '../decisions/show-tickets.ts'

export interface Change {
  readonly actor: Person
  readonly reason: string
  readonly at: Instant
}

/** Two incidents that are one event; tickets of the same defect become one, the others move along. */
export async function mergeInto(
  work: Work,
  fromId: string,
  intoId: string,
  by: Change,
): Promise<IncidentView | Refusal> {
  const { desk, unit } = work
  const [from, into] = [await unit.incidents.load(fromId), await unit.incidents.load(intoId)]
  if (from === undefined) return refuse('not-found', { zh: '没有这个事件', en: 'there is no such incident' })
  if (into === undefined)
    return refuse('bad-value', { zh: `没有事件 ${intoId}`, en: `there is no incident ${intoId}` })
  if (from.exercise !== into.exercise)
    return refuse('bad-value', {
      zh: '演练与真实事件不能合并',
      en: 'a drill and real incidents are not merged',
    })
  const reason = { zh: `人工合并:${by.reason}`, en: `merged by hand: ${by.reason}` }
  const merged = merge(into, from, { reason, at: by.at, settings: desk.settings() })
  if (isRefusal(merged)) return merged
  const [whole, gone] = merged
  const pairs = await mergePairs(work, { from: fromId, into: intoId }, by)
  const survivorOf = new Map(pairs.map(({ absorbed, survivor }) => [absorbed.id, survivor.id]))
  for (const { ticket, events } of await unit.tickets.ofIncident(fromId)) {
    if (ticket.state !== 'merged') await moveTo(work, { ticket, events }, intoId, by)
  }
  const members = whole.members.map((member) => {
    const ticketId = survivorOf.get(member.ticketId ?? '') ?? member.ticketId
    return ticketId === undefined ? member : { ...member, ticketId }
  })
  await unit.incidents.save({ ...whole, members }, by.at)
  await unit.incidents.save(gone, by.at)
  return showIncident(desk, unit, { ...whole, members }, by.at)
}

async function mergePairs(
  work: Work,
  ids: { readonly from: string; readonly into: string },
  by: Change,
): Promise<readonly Merged[]> {
  const { unit, desk } = work
  const theirs = [...(await unit.tickets.ofIncident(ids.into))]
  const pairs: Merged[] = []
  for (const mine of await unit.tickets.ofIncident(ids.from)) {
    const index = theirs.findIndex(({ ticket }) => isSameDefect(ticket, mine.ticket))
    const other = theirs[index]
    if (other === undefined) continue
    theirs.splice(index, 1)
    // Of two that began in the same instant, the one that was merged into stays.
    const pair = mergeTickets(other, mine, { ...by, newId: desk.newId })
    await writePair(work, pair, [mine, other], by.at)
    pairs.push(pair)
  }
  return pairs
}

async function writePair(
  work: Work,
  pair: Merged,
  histories: readonly TicketHistory[],
  at: Instant,
): Promise<void> {
  for (const { ticket, events } of histories) {
    const added = ticket.id === pair.survivor.id ? pair.intoSurvivor : pair.intoAbsorbed
    written(await appendEvents(work, { id: ticket.id, before: events, added }, at))
  }
}

/** The ticket belongs to another incident from now on; its clocks do not notice. */
export async function moveTo(
  work: Work,
  { ticket, events }: TicketHistory,
  incidentId: string,
  by: Change,
): Promise<void> {
  const note: EventOf<'note'> = {
    id: work.desk.newId(),
    type: 'note',
    occurredAt: by.at,
    enteredAt: by.at,
    actor: by.actor,
    data: { text: `归入事件 ${incidentId}:${by.reason}`, incidentId },
  }
  written(await appendEvents(work, { id: ticket.id, before: events, added: [note] }, by.at))
  for (const call of await work.unit.calls.ofTickets([ticket.id])) {
    await work.unit.calls.save({ ...call, incidentId })
  }
}

/** Takes a merge back: the other incident, its tickets, their starts and clocks are whole again. */
export async function takeApart(
  work: Work,
  into: Incident,
  from: Incident,
  by: Change,
): Promise<readonly [Incident, Incident] | Refusal> {
  const { desk, unit } = work
  const apart = unmerge(into, from, desk.settings())
  if (isRefusal(apart)) return apart
  const all = [...(await unit.tickets.ofIncident(into.id)), ...(await unit.tickets.ofIncident(from.id))]
  const pairs = all.flatMap((one) => {
    const other = all.find(({ ticket }) => ticket.id === one.ticket.merged?.into)
    return other !== undefined && crosses(one, other, from.id) ? [[one, other] as const] : []
  })
  for (const [absorbed, survivor] of pairs) {
    const pair = unmergeTickets(survivor.ticket, absorbed.ticket, {
      ...by,
      newId: desk.newId,
      policy: rulesOf(survivor.ticket, desk.rules).policy,
    })
    await writePair(work, pair, [survivor, absorbed], by.at)
  }
  for (const { ticket } of all) {
    const now = await unit.tickets.load(ticket.id)
    const isBack = now?.ticket.incidentId === into.id && originOf(now) === from.id
    if (now !== undefined && isBack) await moveTo(work, now, from.id, by)
  }
  const [rest, back] = apart
  const absorbedOf = new Map(pairs.map(([absorbed, survivor]) => [survivor.ticket.id, absorbed]))
  const members = rest.members.map((member) => {
    const own = absorbedOf.get(member.ticketId ?? '')
    const isOwn = own !== undefined && originOf(own) !== from.id
    return isOwn ? { ...member, ticketId: own.ticket.id } : member
  })
  const whole = [await closed(work, { ...rest, members }), await closed(work, back)] as const
  for (const incident of whole) {
    await unit.incidents.save(incident, by.at)
  }
  return whole
}

/** A survivor that had only waited for the other's callers may have been the last that was open. */
async function closed({ unit }: Pick<Work, 'unit'>, incident: Incident): Promise<Incident> {
  const tickets = await unit.tickets.foldsOf([incident.id])
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
