import type { CallRequest, CallView } from '#contract/hotline.ts'
import type { IncidentView, Sentence } from '#contract/incident.ts'
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
import type { Desk, OnceKey, TicketHistory, Work } from '../decisions/decisions.ts'
import { isEnteredLate, openDefect } from '../decisions/open-ticket.ts'
import { sendOut } from '../incident/raise-incidents.ts'
import { showIncident, showTicket } from '../decisions/show-tickets.ts'

export interface TakenCall {
  readonly call: CallView
  readonly ticket: TicketView
  readonly incident?: IncidentView
  readonly joined: boolean
  readonly why: Sentence
}

/** 受理 (第三条1, 第四条A): a call becomes a ticket, or joins the incident that it speaks of. */
export async function takeCall(
  desk: Desk,
  asked: { readonly request: CallRequest; readonly actor: Person },
  once?: OnceKey,
): Promise<TakenCall | Refusal> {
  const noRight = refuseUnless(asked.actor, 'take_call')
  if (noRight !== undefined) return noRight
  return decideTogether(desk, (work) => takeInto(work, asked), once)
}

/** The same inside a transaction that does more than that; rights have been judged. */
export async function takeInto(
  work: Work,
  asked: { readonly request: CallRequest; readonly actor: Person },
): Promise<TakenCall | Refusal> {
  const { desk } = work
  const intake = readIntake(asked.request, desk.rules.policy, desk.clock.now())
  if (isRefusal(intake)) return intake
  if (intake.assetId !== undefined && assetOf(desk.network.current(), intake.assetId) === undefined) {
    return refuse(
      'bad-value',
      { zh: `管网中没有设施 ${intake.assetId}`, en: `the network has no facility ${intake.assetId}` },
      { clause: desk.rules.policy.clauses.intake },
    )
  }
  const isOn = intake.exercise !== true || (await work.unit.drills.on(intake.enteredAt)).length > 0
  if (!isOn)
    return refuse('guard-refused', {
      zh: '没有进行中的演练,来电不能标为演练',
      en: 'no drill is on, so a call cannot belong to one',
    })
  const place = await placeOf(work, intake, asked.request.join)
  if (isRefusal(place)) return place
  const taking = { intake, actor: asked.actor, id: desk.newId(), why: place.why }
  return place.incident === undefined
    ? await takeNew(work, taking)
    : await takeIn(work, taking, place.incident)
}

interface Taking {
  readonly intake: Intake
  readonly actor: Person
  readonly id: string
  readonly why: Sentence
}

const ASKED_NEW: Sentence = { zh: '受理人员指定为新事件', en: 'the desk asked for a new incident' }
const ASKED: Sentence = { zh: '受理人员指定并入', en: 'joined by the desk' }
const NOTHING: Sentence = { zh: '附近没有同类未结事件', en: 'no open incident of this kind near it' }
const NO_EMERGENCY: Sentence = { zh: '非险情,单独办理', en: 'no emergency, a ticket of its own' }

/** The incident that the call belongs to: as the desk says, else by kind and place. */
async function placeOf(
  { desk, unit }: Work,
  intake: Intake,
  join: string | undefined,
): Promise<{ readonly incident?: Incident; readonly why: Sentence } | Refusal> {
  if (join === 'new') return { why: ASKED_NEW }
  if (join !== undefined && join !== '') {
    const incident = await unit.incidents.load(join)
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
  if (!desk.rules.policy.kinds[intake.kind].emergency) return { why: NO_EMERGENCY }
  const known = await knownIncidents({ unit })
  const world = { network: desk.network.current(), policy: desk.rules.policy }
  const alike = known.filter((one) => one.incident.exercise === (intake.exercise === true))
  const match = matchCall(intake, alike, world).find(({ wouldJoin }) => wouldJoin)
  const incident = known.find((one) => one.incident.id === match?.incidentId)?.incident
  return incident === undefined || match === undefined ? { why: NOTHING } : { incident, why: match.why }
}

export async function knownIncidents({ unit }: Pick<Work, 'unit'>) {
  const incidents = await unit.incidents.open()
  const tickets = await unit.tickets.foldsOf(incidents.map(({ id }) => id))
  const byIncident = Map.groupBy(
    tickets.filter((ticket) => !isDone(ticket)),
    ({ incidentId }) => incidentId,
  )
  return incidents.map((incident) => {
    const open = byIncident.get(incident.id) ?? []
    return { incident, openTickets: open.map(({ id, kind }) => ({ id, kind })) }
  })
}

async function takeNew(work: Work, taking: Taking): Promise<TakenCall> {
  const { desk, unit } = work
  const { emergency } = desk.rules.policy.kinds[taking.intake.kind]
  const incidentId = emergency ? desk.newId() : undefined
  const history = await openTicketFor(work, taking, incidentId)
  const call = callOf(taking, history.ticket.id, incidentId)
  await unit.calls.save(call)
  if (incidentId === undefined)
    return shown(work, { call, history, joined: false, why: taking.why, actor: taking.actor })
  const joining = joiningOf(desk, taking, history)
  const incident = incidentOfCall(incidentId, call, joining)
  await unit.incidents.save(incident, desk.clock.now())
  return shown(work, { call, history, incident, joined: false, why: taking.why, actor: taking.actor })
}

/** Joins the incident's open ticket of this kind; another defect of the same event gets its own. */
async function takeIn(work: Work, taking: Taking, incident: Incident): Promise<TakenCall> {
  const { desk, unit } = work
  const { kind } = taking.intake
  const histories = (await unit.tickets.ofIncident(incident.id)).filter(({ ticket }) => !isDone(ticket))
  const { emergency } = desk.rules.policy.kinds[kind]
  const found = histories.find(({ ticket }) => ticket.kind === kind) ?? (emergency ? undefined : histories[0])
  const history =
    found === undefined ? await openTicketFor(work, taking, incident.id) : await linkCall(work, taking, found)
  const call = callOf(taking, history.ticket.id, incident.id)
  await unit.calls.save(call)
  const joining = joiningOf(desk, taking, history)
  const joined = joinCall(incident, call, joining)
  await unit.incidents.save(joined, desk.clock.now())
  for (const each of await unit.tickets.ofIncident(incident.id)) {
    if (each.ticket.kind === kind) await sendOut(work, joined, each)
  }
  const now = (await unit.tickets.load(history.ticket.id)) ?? history
  return shown(work, {
    call,
    history: now,
    incident: joined,
    joined: true,
    why: taking.why,
    actor: taking.actor,
  })
}

function openTicketFor(work: Work, { intake, actor, id }: Taking, incidentId: string | undefined) {
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
  return openDefect(work, defect, { actor, confirmed: true })
}

/** A further caller of a ticket; one call-back is owed to a number, however often it rang. */
async function linkCall(work: Work, taking: Taking, to: TicketHistory): Promise<TicketHistory> {
  const { desk, unit } = work
  const { intake, actor, id, why } = taking
  const at = desk.clock.now()
  const linked = await unit.calls.byIds(to.ticket.calls.map((call) => call.id))
  const phone = normalPhone(intake.callerPhone)
  const isSame = linked.some((call) => normalPhone(call.callerPhone) === phone)
  const note: EventOf<'note'> = {
    id: desk.newId(),
    type: 'note',
    occurredAt: at,
    enteredAt: at,
    actor,
    ...(isEnteredLate(desk, { source: intake.source, openedAt: intake.receivedAt }, at)
      ? { late: true }
      : {}),
    data: {
      text: `来电并入:${why.zh}`,
      receivedAt: intake.receivedAt,
      ...(isSame ? { sameCallerId: id } : { callId: id }),
      ...(intake.hot === true ? { hot: true } : {}),
    },
  }
  return written(await appendEvents(work, { id: to.ticket.id, before: to.events, added: [note] }, at))
}

function joiningOf(desk: Desk, { why }: Taking, { ticket }: TicketHistory) {
  return { ticketId: ticket.id, position: ticket.position, why, settings: desk.settings() }
}

function callOf({ intake, actor, id }: Taking, ticketId: string, incidentId: string | undefined): Call {
  const firstResponder = { id: actor.id, name: actor.name }
  return { ...intake, id, firstResponder, ticketId, ...(incidentId === undefined ? {} : { incidentId }) }
}

async function shown(
  { desk, unit }: Work,
  taken: {
    readonly call: Call
    readonly history: TicketHistory
    readonly incident?: Incident
    readonly joined: boolean
    readonly why: Sentence
    readonly actor: Person
  },
): Promise<TakenCall> {
  const at = desk.clock.now()
  const { call, history, incident, joined, why, actor } = taken
  return {
    call: callView(call),
    ticket: await showTicket({ desk, unit }, history, at, actor),
    ...(incident === undefined ? {} : { incident: await showIncident(desk, unit, incident, at) }),
    joined,
    why,
  }
}
