import { isRefusal } from '#contract/problem.ts'
import { DETECTOR } from '../../domain/access/actor.ts'
import type { EmergencyFinding, Finding } from '../../domain/detection/core/finding.ts'
import { applyFinding } from '../../domain/incident/apply-finding.ts'
import { correlate } from '../../domain/incident/correlate.ts'
import { defectKey, defectsOf, type Defect } from '../../domain/incident/defects.ts'
import type { Incident } from '../../domain/incident/incident.ts'
import { isRehearsed } from '../../domain/hotline/drill.ts'
import { dispatchAtOnce } from '../../domain/ticket/open.ts'
import { rulesOf } from '../../domain/ticket/own-rules.ts'
import { handlingOf, isDone, type Ticket } from '../../domain/ticket/ticket.ts'
import { appendEvents, written } from '../decisions/append-events.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { Services, TicketHistory, Transaction } from '../decisions/decisions.ts'
import { openDefect, routeOf } from '../decisions/open-ticket.ts'

/**
 * Findings become incidents, and each defect of an incident a ticket. Saying a finding again changes
 * nothing: the detector may repeat itself after a restart.
 */
export async function raiseIncidents(services: Services, findings: readonly Finding[]): Promise<void> {
  await keepFaults(services, findings)
  for (const finding of findings) {
    if (finding.kind !== 'emergency') continue
    const done = await decideTogether(services, async (transaction) => {
      await raise(transaction, finding)
      return true
    })
    if (isRefusal(done)) throw new Error(`finding ${finding.id} was refused: ${done.detail}`)
  }
}

/** For the screens of an earlier instant, and for the list of what was out of order. */
async function keepFaults(services: Services, findings: readonly Finding[]): Promise<void> {
  const faults = findings.filter((finding) => finding.kind === 'device')
  if (faults.length === 0) return
  await services.store.transact(async ({ past }) => {
    for (const fault of faults) await past.keepFault(fault)
  })
}

async function raise(transaction: Transaction, finding: EmergencyFinding): Promise<void> {
  const { services, repositories } = transaction
  const network = services.network.current()
  const settings = services.settings()
  const own = await repositories.incidents.ofMember(finding.id)
  // A finding taken back that no incident knows of was never an emergency.
  if (finding.phase === 'cleared' && own.length === 0) return
  const exercise = isRehearsed(await repositories.drills.on(finding.at), finding)
  // A rehearsal joins no real incident, and no emergency a rehearsal.
  const open = (await repositories.incidents.open()).filter((each) => each.exercise === exercise)
  const known = [...open, ...own.filter(({ id }) => open.every((each) => each.id !== id))]
  const placement = correlate(finding, known, { network, settings, at: finding.at })
  const before = placement.kind === 'join' ? known.find(({ id }) => id === placement.incidentId) : undefined
  const { why } = placement
  const applying = { network, settings, why, newId: services.newId(), exercise }
  const applied = applyFinding(before, finding, applying)
  if (!applied.changed) return
  const at = services.clock.now()
  await repositories.incidents.save(applied.incident, at)
  if (applied.incident.state === 'closed') return
  const isNew = own.length === 0
  await repositories.incidents.save(await withTickets(transaction, applied.incident, finding, isNew), at)
}

/** Sees to it that each defect has an open ticket and that a confirmed one has gone out. */
async function withTickets(
  transaction: Transaction,
  incident: Incident,
  finding: EmergencyFinding,
  isNew: boolean,
): Promise<Incident> {
  const histories = new Map<string, TicketHistory>()
  for (const history of await transaction.repositories.tickets.ofIncident(incident.id))
    histories.set(history.ticket.id, history)
  let current = incident
  for (const defect of defectsOf(incident)) {
    const ticket = openTicketOf(defect, histories)
    // An archived ticket stands for what was repaired; the same defect found anew gets a new one.
    const isAgain = isNew && defect.members.some(({ id }) => id === finding.id)
    if (ticket === undefined && (defect.ticketId === undefined || isAgain)) {
      current = await openFor(transaction, current, defect, finding)
    } else if (ticket !== undefined) {
      current = assign(current, defect, ticket.ticket.id)
      if (current.state === 'confirmed') await sendOut(transaction, current, ticket)
    }
  }
  return current
}

function openTicketOf(
  defect: Defect,
  histories: ReadonlyMap<string, TicketHistory>,
): TicketHistory | undefined {
  const ids = new Set(defect.members.flatMap(({ ticketId }) => ticketId ?? []))
  return [...ids].flatMap((id) => histories.get(id) ?? []).find(({ ticket }) => !isDone(ticket))
}

async function openFor(
  transaction: Transaction,
  incident: Incident,
  defect: Defect,
  finding: EmergencyFinding,
): Promise<Incident> {
  const openedAt = Math.min(finding.at, transaction.services.clock.now())
  const { ticket } = await openDefect(
    transaction,
    {
      kind: defect.kind,
      source: 'sensor',
      openedAt,
      eventAt: Math.min(finding.eventAt, openedAt),
      incidentId: incident.id,
      exercise: incident.exercise,
      candidates: defect.assetId === undefined ? incident.candidates : [],
      ...(defect.assetId === undefined ? {} : { assetId: defect.assetId }),
      ...(defect.assetId !== undefined || incident.position === undefined
        ? {}
        : { position: incident.position }),
    },
    { actor: DETECTOR, confirmed: incident.state === 'confirmed' },
  )
  return assign(incident, defect, ticket.id)
}

/** Members of this defect without an open ticket of their own speak of this one. */
function assign(incident: Incident, defect: Defect, ticketId: string): Incident {
  const members = incident.members.map((member) =>
    defectKey(member.kind, member.assetId) === defect.key
      ? { ...member, ticketId: member.ticketId ?? ticketId }
      : member,
  )
  return { ...incident, members }
}

/** A suspicion that has been confirmed leaves the gate by itself (A3), routed by what is known now. */
export async function sendOut(
  transaction: Transaction,
  incident: Incident,
  history: TicketHistory,
): Promise<void> {
  const { services } = transaction
  const { ticket, events } = history
  if (!isWaiting(ticket) || !rulesOf(ticket, services.rules).policy.levels[ticket.level].atOnce) return
  const { id, kind, assetId, position, openedAt } = ticket
  const route = routeOf(services, {
    kind,
    source: ticket.source,
    openedAt,
    exercise: ticket.exercise,
    ...(assetId === undefined ? { candidates: incident.candidates } : { assetId }),
    ...(position === undefined ? {} : { position }),
  })
  if (route.rule === 'manual') return
  const at = services.clock.now()
  const added = [dispatchAtOnce(route, at, services.newId)]
  written(await appendEvents(transaction, { id, before: events, added }, at))
}

function isWaiting(ticket: Ticket): boolean {
  return (
    ticket.state === 'under_review' && handlingOf(ticket).stints.length === 0 && ticket.handlings.length === 1
  )
}
