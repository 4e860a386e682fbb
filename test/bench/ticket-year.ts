import type { CommandName } from '#contract/commands/commands.ts'
import { TICKET_KINDS, type TicketKind } from '#contract/vocabulary.ts'
import type { Person } from '../../server/domain/access/actor.ts'
import { factOf } from '../../server/domain/kpi/fact.ts'
import { DAY, HOUR, MINUTE, type Instant } from '../../server/domain/instant.ts'
import { CHINA_DAYS } from '../../server/domain/policy/china-days.ts'
import { WUDA } from '../../server/domain/policy/wuda.ts'
import { assess } from '../../server/domain/ticket/assessment.ts'
import type { EventData, TicketEvent } from '../../server/domain/ticket/event.ts'
import { foldTicket } from '../../server/domain/ticket/evolve.ts'
import type { Call } from '../../server/domain/hotline/call.ts'
import { incidentOfCall, joinCall } from '../../server/domain/hotline/join-call.ts'
import { DEFAULT_SETTINGS } from '../../server/domain/detection/catalogue.ts'
import type { Ticket } from '../../server/domain/ticket/ticket.ts'
import { openTicket } from '../../server/domain/ticket/open.ts'
import { nextDue, sweep } from '../../server/domain/ticket/sweep.ts'
import type { Services } from '../../server/flows/decisions/decisions.ts'

export const rules = { policy: WUDA, calendar: CHINA_DAYS }
const person = (id: string, role: Person['roles'][number], departmentId?: string): Person => ({
  kind: 'person',
  id,
  name: id,
  roles: [role],
  ...(departmentId === undefined ? {} : { departmentId }),
})
export const DISPATCHER = person('dispatcher', 'dispatcher')
export const CREW = person('crew-network-ops', 'crew', 'network-ops')

let ids = 0
export const newId = (): string => `${(ids += 1).toString(36).padStart(8, '0')}`
/** Repeatable chance (mulberry32): every run measures the same tickets. */
let seed = 7
export const chance = (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
}

/** A ticket's events from its opening to its archive, or to where it stands when it is open. */
function aHistory(index: number, openedAt: Instant, isOpen: boolean): readonly TicketEvent[] {
  const kind: TicketKind = TICKET_KINDS[Math.floor(chance() * TICKET_KINDS.length)] ?? 'cover'
  const departmentId = chance() < 0.5 ? 'network-ops' : 'area-1'
  const route = {
    departmentId,
    departmentName: departmentId,
    rule: 'primary_in_service',
    why: '一次网在运管线',
    networkVersion: 1,
  } as const
  const known = { kind, number: `GW-${String(index)}`, source: index % 3 === 0 ? 'sensor' : 'phone' } as const
  const events = [
    ...openTicket(
      {
        ...known,
        openedAt,
        route,
        managedBy: 'own',
        exercise: false,
        flags: [],
        address: `解放路 ${String(index % 900)} 号`,
        callId: `c${String(index)}-0`,
        ...(WUDA.kinds[kind].emergency ? { incidentId: `i${String(index)}` } : {}),
        assetId: `W${String(index % 500)}`,
        ...(known.source === 'sensor' ? { eventAt: openedAt - Math.floor(chance() * HOUR) } : {}),
      },
      { actor: DISPATCHER, at: openedAt, confirmed: true },
      WUDA,
      newId,
    ),
  ]
  let at = openedAt
  const then = <Type extends CommandName>(
    type: Type,
    minutes: number,
    data: EventData[Type],
    actor = CREW,
  ) => {
    at += Math.ceil(minutes * chance() * 1.2 * MINUTE)
    events.push({ id: newId(), type, occurredAt: at, enteredAt: at, actor, data } as TicketEvent)
  }
  if (events.length === 1) {
    const { departmentName, rule, why } = route
    then('dispatch', 10, { departmentId, departmentName, rule, why, channel: 'system' }, DISPATCHER)
  }
  then('accept', 10, {})
  then('assign', 5, { crewIds: [CREW.id] })
  then('contact', 20, { reached: true, note: '已联系' })
  then('arrive', 25, { scene: '现场情况', heatAffected: false, expectedMinutes: 60 })
  if (isOpen) return events
  then('safety', 8, { measures: ['围挡', '警戒线'], barrier: true, cordon: true })
  if (kind === 'primary_leak') then('plan', 120, { text: '开挖更换', confirmedBy: '部长' })
  then('repair', 240, { text: '修复' })
  then('restore', 30, { faultClearedAt: at, heatRestoredAt: at, result: '恢复' })
  then('submit', 30, { result: '已修复', finalKind: kind, outcome: 'done' })
  if (chance() < 0.1) {
    then('review', 120, { pass: false, reason: 'not_detailed' }, DISPATCHER)
    then('submit', 60, { result: '补充', finalKind: kind, outcome: 'done' })
  }
  then('review', 240, { pass: true }, DISPATCHER)
  const called = {
    callId: `c${String(index)}-0`,
    reached: true,
    satisfied: true,
    qualityRating: 5,
    done: true,
  } as const
  then('callback', 60, called, DISPATCHER)
  return events
}

export interface Year {
  readonly tickets: number
  /** Those that were opened last, and are still to be done. */
  readonly open: number
  readonly now: Instant
}

/** Writes a year of tickets that are done, and some that are open. */
export async function fillYear(store: Services['store'], { tickets, open, now }: Year): Promise<void> {
  const many = 1000
  const year = 365 * DAY
  for (let from = 0; from < tickets; from += many) {
    await store.transact(async (repositories) => {
      for (let index = from; index < Math.min(from + many, tickets); index += 1) {
        const isOpen = index >= tickets - open
        const openedAt = isOpen
          ? now - Math.floor(chance() * 3 * HOUR) - HOUR
          : now - year + Math.floor((index / tickets) * (year - 2 * DAY))
        await keep(repositories, aHistory(index, openedAt, isOpen), now)
      }
      return true
    })
  }
}

async function keep(
  repositories: Services['store']['read'],
  said: readonly TicketEvent[],
  now: Instant,
): Promise<void> {
  const id = newId()
  const last = said.at(-1)?.enteredAt ?? now
  const due = sweep(assess(foldTicket(id, said), rules, last), newId)
  const events = [...said, ...due]
  const ticket = foldTicket(id, events)
  await repositories.tickets.append(0, { ticket, events }, nextDue(assess(ticket, rules, last)))
  if (ticket.state === 'archived')
    await repositories.figures.keep(ticket, factOf(assess(ticket, rules, last)))
  await keepCallers(repositories, ticket, last)
}

/** Those who have called because of a ticket, and the incident behind it where its kind is an emergency. */
async function keepCallers(
  repositories: Services['store']['read'],
  ticket: Ticket,
  last: Instant,
): Promise<void> {
  const { id, kind, incidentId, openedAt, address = '' } = ticket
  const callers = Array.from({ length: 1 + Math.floor(chance() * 3) }, (_, n): Call => ({
    id: (ticket.calls[0]?.id ?? '').replace(/0$/, String(n)),
    kind,
    contact: 'help',
    source: 'phone',
    receivedAt: openedAt,
    enteredAt: openedAt,
    address,
    callerName: '居民',
    callerPhone: `1380000${String(Math.floor(chance() * 10_000)).padStart(4, '0')}`,
    scene: '路面冒热气,井盖旁有积水,请回电 13800001234',
    hot: false,
    firstResponder: { id: 'operator', name: 'operator' },
    ticketId: id,
    ...(incidentId === undefined ? {} : { incidentId }),
  }))
  for (const call of callers) await repositories.calls.save(call)
  const why = { zh: '附近没有同类未结事件', en: 'no open incident of this kind near it' }
  const joining = { ticketId: id, position: undefined, why, settings: DEFAULT_SETTINGS }
  const [first, ...further] = callers
  if (first === undefined || incidentId === undefined) return
  const begun = incidentOfCall(incidentId, first, joining)
  await repositories.incidents.save(begun, openedAt)
  const whole = further.reduce((incident, call) => joinCall(incident, call, joining), begun)
  const state = ticket.state === 'archived' ? 'closed' : whole.state
  await repositories.incidents.save({ ...whole, version: whole.version + 1, state }, last)
}
