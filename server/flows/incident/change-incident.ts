import type { IncidentView } from '#contract/incident.ts'
import type { LocalizedText } from '#contract/text.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import { acknowledge, withdraw } from '../../domain/incident/acknowledge.ts'
import { defectsOf } from '../../domain/incident/defects.ts'
import type { Incident } from '../../domain/incident/incident.ts'
import { split } from '../../domain/incident/merge.ts'
import { shelve } from '../../domain/incident/shelve.ts'
import type { Call } from '../../domain/hotline/call.ts'
import type { Instant } from '../../domain/instant.ts'
import type { EventOf } from '../../domain/ticket/event.ts'
import { appendEvents, written } from '../decisions/append-events.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { Services, OnceKey, Transaction } from '../decisions/decisions.ts'
import { mergeInto, moveTo, takeApart, type Change } from './merge-incidents.ts'
import { openDefect } from '../decisions/open-ticket.ts'
import { showIncident } from '../decisions/show-tickets.ts'

/** What a person may do with an incident as a whole; its tickets change by commands. */
export type IncidentChange =
  | { readonly kind: 'acknowledge' }
  | { readonly kind: 'withdraw' }
  | { readonly kind: 'shelve'; readonly until: Instant; readonly reason: string }
  | { readonly kind: 'merge'; readonly into: string; readonly reason: string }
  | { readonly kind: 'split'; readonly memberIds: readonly string[]; readonly reason: string }

/** The incident after the change; a split gives what is left and what was taken out. */
export type ChangedIncident = IncidentView | { readonly incidents: readonly IncidentView[] }

export async function changeIncident(
  services: Services,
  asked: { readonly id: string; readonly change: IncidentChange; readonly actor: Person },
  once?: OnceKey,
): Promise<ChangedIncident | Refusal> {
  const { id, change, actor } = asked
  const noRight = refuseUnless(actor, change.kind)
  if (noRight !== undefined) return noRight
  return decideTogether<ChangedIncident>(
    services,
    async (transaction) => {
      const incident = await transaction.repositories.incidents.load(id)
      if (incident === undefined)
        return refuse('not-found', { zh: '没有这个事件', en: 'there is no such incident' })
      const at = services.clock.now()
      switch (change.kind) {
        case 'acknowledge':
          return saved(transaction, acknowledge(incident, actor, at))
        case 'withdraw':
          return savedUnlessRefused(transaction, withdraw(incident, actor, at))
        case 'shelve': {
          const { repositories } = transaction
          const { maxShelvingMinutes: maxMinutes } = await showIncident(services, repositories, incident, at)
          return savedUnlessRefused(
            transaction,
            shelve(incident, { ...change, by: actor.name }, { at, maxMinutes }),
          )
        }
        case 'merge':
          return mergeInto(transaction, id, change.into, { actor, reason: change.reason, at })
        case 'split':
          return separate(transaction, incident, change.memberIds, { actor, reason: change.reason, at })
      }
    },
    once,
  )
}

async function savedUnlessRefused(
  transaction: Transaction,
  incident: Incident | Refusal,
): Promise<IncidentView | Refusal> {
  return isRefusal(incident) ? incident : saved(transaction, incident)
}

async function saved({ services, repositories }: Transaction, incident: Incident): Promise<IncidentView> {
  await repositories.incidents.save(incident, services.clock.now())
  return showIncident(services, repositories, incident, services.clock.now())
}

/** Members that came by one merge go back to their own incident; others become a new one. */
async function separate(
  transaction: Transaction,
  incident: Incident,
  memberIds: readonly string[],
  by: Change,
): Promise<ChangedIncident | Refusal> {
  const { services, repositories } = transaction
  const origin = mergeOf(incident, memberIds)
  const from = origin === undefined ? undefined : await repositories.incidents.load(origin)
  const parts =
    from?.mergedInto === incident.id
      ? await takeApart(transaction, incident, from, by)
      : await splitOff(transaction, incident, memberIds, by)
  if (isRefusal(parts)) return parts
  const incidents: IncidentView[] = []
  for (const part of parts) incidents.push(await showIncident(services, repositories, part, by.at))
  return { incidents }
}

/** The merged incident whose members these exactly are. */
function mergeOf(incident: Incident, memberIds: readonly string[]): string | undefined {
  const wanted = new Set(memberIds)
  const origin = incident.members.find(({ id }) => wanted.has(id))?.mergedFrom
  if (origin === undefined) return undefined
  const group = incident.members.filter(({ mergedFrom }) => mergedFrom === origin)
  return group.length === wanted.size && group.every(({ id }) => wanted.has(id)) ? origin : undefined
}

async function splitOff(
  transaction: Transaction,
  incident: Incident,
  memberIds: readonly string[],
  by: Change,
): Promise<readonly [Incident, Incident] | Refusal> {
  const { services, repositories } = transaction
  const reason: LocalizedText = { zh: `人工拆分:${by.reason}`, en: `split by hand: ${by.reason}` }
  const parts = split(incident, memberIds, {
    reason,
    at: by.at,
    settings: services.settings(),
    newId: services.newId(),
  })
  if (isRefusal(parts)) return parts
  const [rest, taken] = parts
  const stays = new Set(rest.members.flatMap(({ ticketId }) => ticketId ?? []))
  for (const history of await repositories.tickets.ofIncident(incident.id)) {
    const isUniqueViolation = taken.members.some(({ ticketId }) => ticketId === history.ticket.id)
    if (isUniqueViolation && !stays.has(history.ticket.id)) await moveTo(transaction, history, taken.id, by)
  }
  const own = await withOwnTickets(transaction, taken, { before: incident, stays, by })
  for (const part of [rest, own]) {
    await repositories.incidents.save(part, by.at)
  }
  return [rest, own]
}

/** Where both parts spoke of one ticket, the part that was taken out gets one of its own. */
async function withOwnTickets(
  transaction: Transaction,
  taken: Incident,
  from: { readonly before: Incident; readonly stays: ReadonlySet<string>; readonly by: Change },
): Promise<Incident> {
  let whole = taken
  for (const defect of defectsOf(taken)) {
    if (defect.ticketId !== undefined && !from.stays.has(defect.ticketId)) continue
    const ids = new Set(defect.members.map(({ id }) => id))
    const calls = await transaction.repositories.calls.byIds([...ids])
    const [call] = calls
    const heard = from.before.members.filter(({ id }) => ids.has(id)).map(({ joinedAt }) => joinedAt)
    const openedAt = Math.min(...heard, ...calls.map(({ receivedAt }) => receivedAt))
    const place = call?.position ?? taken.position
    const { ticket } = await openDefect(
      transaction,
      {
        kind: defect.kind,
        source: call?.source ?? 'sensor',
        openedAt,
        incidentId: taken.id,
        exercise: taken.exercise,
        ...(defect.assetId === undefined ? {} : { assetId: defect.assetId }),
        ...(place === undefined ? {} : { position: place }),
        ...(call === undefined ? {} : { address: call.address, callId: call.id }),
      },
      { actor: from.by.actor, confirmed: taken.state === 'confirmed' },
    )
    for (const each of calls) {
      await release(transaction, each, ticket.id, from.by)
      await transaction.repositories.calls.save({ ...each, ticketId: ticket.id, incidentId: taken.id })
    }
    const members = whole.members.map((member) =>
      ids.has(member.id) ? { ...member, ticketId: ticket.id } : member,
    )
    whole = { ...whole, members }
  }
  return whole
}

/** The ticket that the call had been joined to no longer owes its caller a call-back. */
async function release(transaction: Transaction, call: Call, newTicketId: string, by: Change): Promise<void> {
  const shared = await transaction.repositories.tickets.load(call.ticketId)
  if (shared === undefined) throw new Error(`call ${call.id} belongs to no ticket`)
  const event: EventOf<'unmerged'> = {
    id: transaction.services.newId(),
    type: 'unmerged',
    occurredAt: by.at,
    enteredAt: by.at,
    actor: by.actor,
    data: { role: 'survivor', otherTicketId: newTicketId, callIds: [call.id], reason: by.reason },
  }
  const to = { id: shared.ticket.id, before: shared.events, added: [event] }
  written(await appendEvents(transaction, to, by.at))
}
