import type { CallRequest, CallView } from '#contract/hotline.ts'
import type { IncidentView } from '#contract/incident.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { TicketView } from '#contract/ticket.ts'
import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Person } from '../../domain/access/actor.ts'
import { refuseUnless } from '../../domain/access/can.ts'
import { callView, type Call } from '../../domain/hotline/call.ts'
import { normalPhone } from '../../domain/phone.ts'
import { readIntake, type Intake } from '../../domain/hotline/intake.ts'
import { incidentOfCall, joinCall } from '../../domain/hotline/join-call.ts'
import { matchCall } from '../../domain/hotline/match.ts'
import type { Incident } from '../../domain/incident/incident.ts'
import { assetOf } from '../../domain/network/assets.ts'
import type { EventOf } from '../../domain/ticket/event.ts'
import { isDone } from '../../domain/ticket/ticket.ts'
import { appendEvents, written } from '../decisions/append-events.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { Services, OnceKey, TicketHistory, Transaction } from '../decisions/decisions.ts'
import { isEnteredLate, openDefect } from '../decisions/open-ticket.ts'
import { sendOut } from '../incident/raise-incidents.ts'
import { showIncident, showTicket } from '../decisions/show-tickets.ts'

export interface TakenCall {
  readonly call: CallView
  readonly ticket: TicketView
  readonly incident?: IncidentView
  readonly joined: boolean
  readonly why: LocalizedText
}

/** 受理 (第三条1, 第四条A): a call becomes a ticket, or joins the incident that it speaks of. */
export async function takeCall(
  services: Services,
  asked: { readonly request: CallRequest; readonly actor: Person },
  once?: OnceKey,
): Promise<TakenCall | Refusal> {
  const noRight = refuseUnless(asked.actor, 'take_call')
  if (noRight !== undefined) return noRight
  return decideTogether(services, (transaction) => takeInto(transaction, asked), once)
}

/** The same inside a transaction that does more than that; rights have been judged. */
export async function takeInto(
  transaction: Transaction,
  asked: { readonly request: CallRequest; readonly actor: Person },
): Promise<TakenCall | Refusal> {
  const { services } = transaction
  const intake = readIntake(asked.request, services.rules.policy, services.clock.now())
  if (isRefusal(intake)) return intake
  if (intake.assetId !== undefined && assetOf(services.network.current(), intake.assetId) === undefined) {
    return refuse(
      'bad-value',
      { zh: `管网中没有设施 ${intake.assetId}`, en: `the network has no facility ${intake.assetId}` },
      { clause: services.rules.policy.clauses.intake },
    )
  }
  const isOn =
    intake.exercise !== true || (await transaction.repositories.drills.on(intake.enteredAt)).length > 0
  if (!isOn)
    return refuse('guard-refused', {
      zh: '没有进行中的演练,来电不能标为演练',
      en: 'no drill is on, so a call cannot belong to one',
    })
  const place = await placeOf(transaction, intake, asked.request.join)
  if (isRefusal(place)) return place
  const taking = { intake, actor: asked.actor, id: services.newId(), why: place.why }
  return place.incident === undefined
    ? await takeNew(transaction, taking)
    : await takeIn(transaction, taking, place.incident)
}

interface Taking {
  readonly intake: Intake
  readonly actor: Person
  readonly id: string
  readonly why: LocalizedText
}

const ASKED_NEW: LocalizedText = { zh: '受理人员指定为新事件', en: 'the desk asked for a new incident' }
const ASKED: LocalizedText = { zh: '受理人员指定并入', en: 'joined by the desk' }
const NOTHING: LocalizedText = { zh: '附近没有同类未结事件', en: 'no open incident of this kind near it' }
const NO_EMERGENCY: LocalizedText = { zh: '非险情,单独办理', en: 'no emergency, a ticket of its own' }

/** The incident that the call belongs to: as the desk says, else by kind and place. */
async function placeOf(
  { services, repositories }: Transaction,
  intake: Intake,
  join: string | undefined,
): Promise<{ readonly incident?: Incident; readonly why: LocalizedText } | Refusal> {
  if (join === 'new') return { why: ASKED_NEW }
  if (join !== undefined && join !== '') {
    const incident = await repositories.incidents.load(join)
    if (incident === undefined)
      return refuse('bad-value', { zh: '没有这个事件', en: 'there is no such incident' })
    if (incident.exercise !== (intake.exercise === true))
      return refuse('bad-value', {
        zh: '演练与真实事件不能合并',
        en: 'a drill and real incidents are not merged',
      })
    const isOver = incident.state === 'closed' || incident.state === 'merged'
    return isOver
      ? refuse('bad-value', {
          zh: '事件已关闭或已并入其他事件',
          en: 'the incident is closed or merged into another',
        })
      : { incident, why: ASKED }
  }
  if (!services.rules.policy.kinds[intake.kind].emergency) return { why: NO_EMERGENCY }
  const known = await knownIncidents({ repositories })
  const world = { network: services.network.current(), policy: services.rules.policy }
  const alike = known.filter((one) => one.incident.exercise === (intake.exercise === true))
  const match = matchCall(intake, alike, world).find(({ wouldJoin }) => wouldJoin)
  const incident = known.find((one) => one.incident.id === match?.incidentId)?.incident
  return incident === undefined || match === undefined ? { why: NOTHING } : { incident, why: match.why }
}

export async function knownIncidents({ repositories }: Pick<Transaction, 'repositories'>) {
  const incidents = await repositories.incidents.open()
  const tickets = await repositories.tickets.foldsOf(incidents.map(({ id }) => id))
  const byIncident = Map.groupBy(
    tickets.filter((ticket) => !isDone(ticket)),
    ({ incidentId }) => incidentId,
  )
  return incidents.map((incident) => {
    const open = byIncident.get(incident.id) ?? []
    return { incident, openTickets: open.map(({ id, kind }) => ({ id, kind })) }
  })
}

async function takeNew(transaction: Transaction, taking: Taking): Promise<TakenCall> {
  const { services, repositories } = transaction
  const { emergency } = services.rules.policy.kinds[taking.intake.kind]
  const incidentId = emergency ? services.newId() : undefined
  const history = await openTicketFor(transaction, taking, incidentId)
  const call = callOf(taking, history.ticket.id, incidentId)
  await repositories.calls.save(call)
  if (incidentId === undefined)
    return shown(transaction, { call, history, joined: false, why: taking.why, actor: taking.actor })
  const joining = joiningOf(services, taking, history)
  const incident = incidentOfCall(incidentId, call, joining)
  await repositories.incidents.save(incident, services.clock.now())
  return shown(transaction, { call, history, incident, joined: false, why: taking.why, actor: taking.actor })
}

/** Joins the incident's open ticket of this kind; another defect of the same event gets its own. */
async function takeIn(transaction: Transaction, taking: Taking, incident: Incident): Promise<TakenCall> {
  const { services, repositories } = transaction
  const { kind } = taking.intake
  const histories = (await repositories.tickets.ofIncident(incident.id)).filter(
    ({ ticket }) => !isDone(ticket),
  )
  const { emergency } = services.rules.policy.kinds[kind]
  const found = histories.find(({ ticket }) => ticket.kind === kind) ?? (emergency ? undefined : histories[0])
  const history =
    found === undefined
      ? await openTicketFor(transaction, taking, incident.id)
      : await linkCall(transaction, taking, found)
  const call = callOf(taking, history.ticket.id, incident.id)
  await repositories.calls.save(call)
  const joining = joiningOf(services, taking, history)
  const joined = joinCall(incident, call, joining)
  await repositories.incidents.save(joined, services.clock.now())
  for (const each of await repositories.tickets.ofIncident(incident.id)) {
    if (each.ticket.kind === kind) await sendOut(transaction, joined, each)
  }
  const now = (await repositories.tickets.load(history.ticket.id)) ?? history
  return shown(transaction, {
    call,
    history: now,
    incident: joined,
    joined: true,
    why: taking.why,
    actor: taking.actor,
  })
}

function openTicketFor(
  transaction: Transaction,
  { intake, actor, id }: Taking,
  incidentId: string | undefined,
) {
  const { kind, source, receivedAt, assetId, position, address, hot, beganAt } = intake
  const defect = {
    kind,
    source,
    openedAt: receivedAt,
    address,
    hot,
    callId: id,
    exercise: intake.exercise === true,
    ...(beganAt === undefined ? {} : { eventAt: beganAt }),
    ...(incidentId === undefined ? {} : { incidentId }),
    ...(assetId === undefined ? {} : { assetId }),
    ...(position === undefined ? {} : { position }),
  }
  return openDefect(transaction, defect, { actor, confirmed: true })
}

/** A further caller of a ticket; one call-back is owed to a number, however often it rang. */
async function linkCall(transaction: Transaction, taking: Taking, to: TicketHistory): Promise<TicketHistory> {
  const { services, repositories } = transaction
  const { intake, actor, id, why } = taking
  const at = services.clock.now()
  const linked = await repositories.calls.byIds(to.ticket.calls.map((call) => call.id))
  const phone = normalPhone(intake.callerPhone)
  const isSame = linked.some((call) => normalPhone(call.callerPhone) === phone)
  const note: EventOf<'note'> = {
    id: services.newId(),
    type: 'note',
    occurredAt: at,
    enteredAt: at,
    actor,
    ...(isEnteredLate(services, { source: intake.source, openedAt: intake.receivedAt }, at)
      ? { late: true }
      : {}),
    data: {
      text: `来电并入:${why.zh}`,
      receivedAt: intake.receivedAt,
      ...(isSame ? { sameCallerId: id } : { callId: id }),
      ...(intake.hot === true ? { hot: true } : {}),
    },
  }
  return written(await appendEvents(transaction, { id: to.ticket.id, before: to.events, added: [note] }, at))
}

function joiningOf(services: Services, { why }: Taking, { ticket }: TicketHistory) {
  return { ticketId: ticket.id, position: ticket.position, why, settings: services.settings() }
}

function callOf({ intake, actor, id }: Taking, ticketId: string, incidentId: string | undefined): Call {
  const firstResponder = { id: actor.id, name: actor.name }
  return { ...intake, id, firstResponder, ticketId, ...(incidentId === undefined ? {} : { incidentId }) }
}

async function shown(
  { services, repositories }: Transaction,
  taken: {
    readonly call: Call
    readonly history: TicketHistory
    readonly incident?: Incident
    readonly joined: boolean
    readonly why: LocalizedText
    readonly actor: Person
  },
): Promise<TakenCall> {
  const at = services.clock.now()
  const { call, history, incident, joined, why, actor } = taken
  return {
    call: callView(call),
    ticket: await showTicket({ services, repositories }, history, at, actor),
    ...(incident === undefined ? {} : { incident: await showIncident(services, repositories, incident, at) }),
    joined,
    why,
  }
}
