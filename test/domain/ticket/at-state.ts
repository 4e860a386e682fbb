import type { CommandName } from '#contract/commands/commands.ts'
import type { TicketKind, TicketState } from '#contract/vocabulary.ts'
import type { Person } from '../../../server/domain/access/actor.ts'
import type { TicketFacts } from '../../../server/domain/ticket/command.ts'
import { assess } from '../../../server/domain/ticket/assessment.ts'
import { decide } from '../../../server/domain/ticket/decide.ts'
import { offersTo } from '../../../server/domain/ticket/offers.ts'
import { aTicket, at, CREW, DISPATCHER, OFFICER, OPS, rulesWith, SCENE, type History } from './history.ts'

/** A ticket opened at 08:00 and worked on as far as the state, a minute for each step. */
export function inState(state: TicketState, kind: TicketKind = 'cover'): History {
  const ticket = aTicket(kind, '08:00:00')
  const steps: readonly [TicketState, (history: History) => unknown][] = [
    ['under_review', () => undefined],
    ['dispatched', (h) => h.dispatched('08:01:00')],
    ['accepted', (h) => h.then('accept', '08:02:00', {})],
    ['assigned', (h) => h.then('assign', '08:03:00', { crewIds: [CREW.id] })],
    ['en_route', (h) => h.then('depart', '08:04:00', {}, { actor: CREW })],
    ['arrived', (h) => h.then('arrive', '08:05:00', SCENE, { actor: CREW })],
    [
      'safety_set',
      (h) => h.then('safety', '08:06:00', { measures: ['警示标识'], barrier: true, cordon: true }),
    ],
    [
      'plan_confirmed',
      (h) => kind === 'primary_leak' && h.then('plan', '08:07:00', { text: 'x', confirmedBy: 'x' }),
    ],
    ['repaired', (h) => h.then('repair', '08:08:00', { text: 'x' })],
    ['restored', (h) => h.then('restore', '08:09:00', { heatRestoredAt: at('08:09:00'), result: 'x' })],
    [
      'submitted',
      (h) => h.then('submit', '08:10:00', { result: 'x', finalKind: kind, outcome: 'done' }, { actor: CREW }),
    ],
  ]
  for (const [reached, step] of steps) {
    step(ticket)
    if (reached === state) return ticket
  }
  if (state === 'returned') return ticket.returned('08:11:00')
  ticket.passed('08:11:00')
  if (state === 'callback_due') return ticket
  if (state === 'archived') {
    return ticket.then('callback', '08:11:00', {
      callId: 'call-1',
      reached: true,
      satisfied: true,
      done: true,
    })
  }
  throw new Error(`no way to ${state}`)
}

/** A crew has arrived and nothing else is done. */
export const onSite = (kind: 'cover' | 'primary_leak' | 'indoor_leak' | 'hes_secondary') =>
  aTicket(kind, '08:00:00')
    .dispatched('08:01:00')
    .then('accept', '08:02:00', {})
    .then('arrive', '08:05:00', SCENE)

export const BODIES: Record<CommandName, Record<string, unknown>> = {
  answer: { text: 'x' },
  approve: {},
  dispatch: { channel: 'system' },
  accept: {},
  reject: { reason: 'x' },
  assign: { crewIds: [CREW.id] },
  depart: {},
  arrive: SCENE,
  safety: { measures: ['x'] },
  plan: { text: 'x', confirmedBy: 'x' },
  repair: { text: 'x' },
  restore: {
    heatRestoredAt: '2026-01-15T08:09:00+08:00',
    faultClearedAt: '2026-01-15T08:09:00+08:00',
    result: 'x',
  },
  contact: { reached: true, note: 'x' },
  contact_facility: { callee: 'x', note: 'x', ...SCENE },
  submit: { result: 'x', finalKind: 'cover', outcome: 'done' },
  unfounded: { surveyAt: '2026-01-15T08:09:00+08:00', evidenceIds: ['a1'], informed: 'x' },
  review: { pass: true },
  callback: { callId: 'call-1', reached: true, satisfied: true, qualityRating: 5 },
  request_extension: { reason: 'x', dueAt: '2026-01-17T08:00:00+08:00' },
  answer_extension: { extensionId: 'x1', approve: true },
  confirm_extension: { extensionId: 'x1' },
  state_hindrance: { reason: 'x' },
  remind: { note: 'x' },
  raise_level: { level: 'second', reason: 'x' },
  reopen: { reason: 'x' },
  note: { text: 'x' },
  correct: { eventId: 'e3', reason: 'x', occurredAt: '2026-01-15T08:02:00+08:00' },
}

let ids = 0
export const FACTS: TicketFacts = {
  departments: new Map([
    ['network-ops', '管网运行部'],
    ['area-1', '运营部一区'],
    ['dispatch', '调度中心'],
  ]),
  routeNow: OPS,
  people: new Map([
    [CREW.id, CREW],
    [OFFICER.id, OFFICER],
  ]),
  attachments: new Set(['a1']),
  sensorAbnormal: false,
  writesByHand: false,
  newId: () => `n${String((ids += 1))}`,
}

/** Runs one command on a told history, by default as somebody with every desk right. */
export function tryCommand(
  history: History,
  command: CommandName,
  options: {
    body?: Record<string, unknown>
    actor?: Person
    when?: string
    facts?: Partial<TicketFacts>
    version?: number
  } = {},
) {
  const { body = BODIES[command], actor = DISPATCHER, when = '08:30:00', facts = {} } = options
  return decide(
    {
      ticket: history.ticket(),
      events: history.events,
      actor,
      at: at(when),
      rules: rulesWith(),
      facts: { ...FACTS, ...facts },
    },
    { command, version: options.version ?? history.events.length, body },
  )
}

/** What the ticket offers to that person, a little later. */
export function offersIn(history: History, actor: Person, rules = rulesWith()) {
  const assessment = assess(history.ticket(), rules, at('08:10:30'))
  return offersTo({ assessment, events: history.events, facts: FACTS }, actor)
}
