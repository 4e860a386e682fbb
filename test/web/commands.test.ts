import { describe, expect, it } from 'vitest'
import { COMMANDS, TICKET_COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import type { Fields } from '#contract/commands/field.ts'
import { TICKET_KINDS, TICKET_STATES, type TicketState } from '#contract/vocabulary.ts'
import type { Person } from '../../server/domain/access/actor.ts'
import { callBacks } from '../../web/src/model/call-backs.ts'
import { offersOf, stepsOf } from '../../web/src/model/outbox-queue.ts'
import { isAnswered } from '../../web/src/model/reminders.ts'
import {
  activeFields,
  commandBody,
  isTick,
  missingFields,
  needsForm,
  startValues,
  type Values,
} from '../../web/src/parts/commands/form-fields.ts'
import { inState, offersIn, onSite } from '../domain/ticket/at-state.ts'
import {
  aTicket as aHistory,
  at,
  CREW,
  DISPATCHER,
  OFFICER,
  OPERATOR,
  person,
  rulesWith,
  SERVICE,
  type History,
} from '../domain/ticket/history.ts'
import { aCall, anEvent, aTicket } from './samples.ts'

const WHO = {
  dispatcher: DISPATCHER,
  officer: OFFICER,
  crew: CREW,
  engineer: person('engineer', 'engineer'),
  wall: person('wall', 'wall'),
}
const nextOf = (history: History, actor: Person) =>
  offersIn(history, actor).offers.find(({ next }) => next)?.command
const names = (history: History, actor: Person, rules = rulesWith()) =>
  offersIn(history, actor, rules).offers.map(({ command }) => command)

/** The fields of one command as this person is asked for them. */
function fieldsOf(command: CommandName, history: History, actor: Person = CREW) {
  const offer = offersIn(history, actor).offers.find((one) => one.command === command)
  if (offer === undefined) throw new Error(`${command} is not offered`)
  return offer.fields
}

describe('what is offered', () => {
  it.each([
    ['dispatcher', 'under_review', 'dispatch'],
    ['dispatcher', 'submitted', 'review'],
    ['dispatcher', 'callback_due', 'callback'],
    ['dispatcher', 'en_route', undefined],
    ['officer', 'dispatched', 'accept'],
    ['officer', 'accepted', 'assign'],
    ['crew', 'assigned', 'depart'],
    ['crew', 'en_route', 'arrive'],
    ['crew', 'arrived', 'safety'],
    ['crew', 'safety_set', 'repair'],
    ['crew', 'repaired', 'submit'],
    ['crew', 'submitted', undefined],
    ['engineer', 'dispatched', undefined],
    ['wall', 'dispatched', undefined],
  ] as const)('to %s on a ticket that is %s is first of all %s', (role, state, command) => {
    expect(nextOf(inState(state), WHO[role])).toBe(command)
  })

  it('on a primary leak includes the plan before and the heat after the repair', () => {
    expect(nextOf(inState('safety_set', 'primary_leak'), CREW)).toBe('plan')
    expect(nextOf(inState('repaired', 'primary_leak'), CREW)).toBe('restore')
  })

  it('on a ticket without a way to the site goes from acceptance over the caller to the slip', () => {
    const accepted = inState('accepted', 'not_hot')
    expect(nextOf(accepted, OFFICER)).toBe('contact')
    expect(nextOf(accepted.then('contact', '08:04:00', { reached: true, note: 'x' }), OFFICER)).toBe('submit')
  })

  it('to another department’s officer is nothing', () => {
    const other = { ...OFFICER, departmentId: 'area-1' }
    expect(offersIn(inState('accepted'), other)).toEqual({ offers: [] })
  })

  it('to a dispatcher has the department’s steps apart, as entries on its behalf', () => {
    const behalf = offersIn(inState('dispatched'), DISPATCHER).offers.filter(({ onBehalf }) => onBehalf)
    expect(behalf.map(({ command }) => command)).toEqual(['reject', 'accept'])
  })

  it('on a station that somebody else runs is to telephone, not to drive', () => {
    const station = aHistory('hes_secondary', '08:00:00', { managedBy: 'property-company' })
    const accepted = station.dispatched('08:01:00').then('accept', '08:02:00', {})
    expect(nextOf(accepted, OFFICER)).toBe('contact_facility')
  })

  it('has no extension for a cover and answers an asked one first', () => {
    expect(names(inState('accepted'), OFFICER)).not.toContain('request_extension')
    const asked = { extensionId: 'x', reason: 'r', dueAt: at('23:00:00'), remainingMs: 1 }
    const ticket = inState('accepted', 'not_hot').then('request_extension', '08:03:00', asked)
    expect(nextOf(ticket, DISPATCHER)).toBe('answer_extension')
  })

  it('is over when its time is', () => {
    const until = '2026-01-15T08:11:00+08:00'
    const { offers } = offersIn(inState('dispatched'), OFFICER)
    expect(offers.find(({ command }) => command === 'reject')?.until).toBe(until)
    const shown = (when: string) => offersOf(aTicket({ offers }), [], at(when)).map(({ command }) => command)
    expect(shown('08:11:00.999')).toContain('reject')
    expect(shown('08:11:01')).not.toContain('reject')
  })
})

describe('a command’s form', () => {
  it('asks barrier and cordon of a primary leak alone', () => {
    const asked = (kind: 'cover' | 'primary_leak') => fieldsOf('safety', onSite(kind)).map(({ name }) => name)
    expect(asked('primary_leak')).toEqual([
      'barrier',
      'cordon',
      'reportedToServiceAt',
      'measures',
      'occurredAt',
    ])
    expect(asked('cover')).toEqual(['measures', 'occurredAt'])
  })

  it('names what is still missing; an untouched tick is missing, a “no” is an answer', () => {
    const seen = inState('submitted')
    const slip = seen.events.at(-1)
    if (slip?.type !== 'submit') throw new Error('no reply')
    seen.events.splice(-1, 1, { ...slip, data: { ...slip.data, sensorAbnormal: true } })
    const review = fieldsOf('review', seen, DISPATCHER)
    expect(review.filter(isTick).map(({ name }) => name)).toEqual(['seenAbnormal'])
    const missing = (values: Values) => missingFields(review, values).map(({ name }) => name)
    expect(missing({ pass: true })).toEqual(['seenAbnormal'])
    expect(missing({ pass: true, seenAbnormal: false })).toEqual(['seenAbnormal'])
    expect(missing({ pass: false, reason: 'not_detailed' })).toEqual([])
    const arrived = { scene: '路面冒汽', heatAffected: false, expectedMinutes: 60 }
    expect(missingFields(fieldsOf('arrive', inState('en_route')), arrived)).toEqual([])
  })

  it('does not take for a time what cannot be read as one', () => {
    const fields = fieldsOf('request_extension', inState('accepted', 'not_hot'), OFFICER)
    const missing = missingFields(fields, { reason: '等配件', dueAt: '下周' }).map(({ name }) => name)
    expect(missing).toEqual(['dueAt'])
  })

  it('takes a reason instead of measures where the policy allows none', () => {
    const fields = fieldsOf('safety', onSite('indoor_leak'))
    expect(missingFields(fields, { measures: [] }).map(({ name }) => name)).toEqual(['measures'])
    expect(missingFields(fields, { measures: [], noneReason: '室内阀门已关' })).toEqual([])
  })

  it('opens where more is asked for than the instant, or for what somebody else has told', () => {
    const offer = (actor: Person) => {
      const found = offersIn(inState('dispatched'), actor).offers.find(({ command }) => command === 'accept')
      if (found === undefined) throw new Error('not offered')
      return found
    }
    expect([needsForm(offer(OFFICER)), needsForm(offer(DISPATCHER))]).toEqual([false, true])
  })

  it('begins with what is certain, and sends what stands in it', () => {
    const now = at('08:10:30')
    const restore = fieldsOf('restore', inState('repaired', 'primary_leak'))
    expect(startValues(restore, now)).toMatchObject({ heatRestoredAt: '08:10', result: undefined })
    const values = { heatRestoredAt: '08:09', result: ' ', occurredAt: '' }
    expect(commandBody(restore, values, now)).toEqual({ heatRestoredAt: '2026-01-15T08:09:00+08:00' })
    expect(commandBody(fieldsOf('safety', onSite('cover')), {}, now)).toEqual({ measures: [] })
    const later = fieldsOf('request_extension', inState('accepted', 'not_hot'), OFFICER)
    expect(commandBody(later, { reason: 'x', dueAt: '07:00' }, now)).toEqual({
      reason: 'x',
      dueAt: '2026-01-16T07:00:00+08:00',
    })
  })
})

describe('the steps of a crew’s work', () => {
  const shown = (history: History) =>
    stepsOf(aTicket({ kind: history.ticket().kind, ...offersIn(history, CREW) }), [])

  it('say what is done, what is now and what lies ahead', () => {
    const steps = shown(inState('arrived', 'primary_leak'))
    expect(steps.map(({ command, at }) => [command, at])).toEqual([
      ['depart', at('08:04:00')],
      ['arrive', at('08:05:00')],
      ['safety', undefined],
      ['plan', undefined],
      ['repair', undefined],
      ['restore', undefined],
      ['submit', undefined],
    ])
    expect(steps.find((step) => step.current)?.command).toBe('safety')
  })

  it('begin anew when the ticket has come back and gone out again', () => {
    const again = inState('en_route').then('reject', '08:05:00', { reason: '不属本部门' })
    again
      .dispatched('08:06:00')
      .then('accept', '08:07:00', {})
      .then('assign', '08:08:00', { crewIds: [CREW.id] })
    expect(shown(again)[0]).toEqual({ command: 'depart', at: undefined, current: true })
  })
})

describe('every command of the ticket', () => {
  /** As in Guangzhou: 36 hours where the conditions prevent 6. */
  const secondLimit = { limitMinutes: 36 * 60, when: { zh: '不具备修复条件', en: 'no conditions to repair' } }
  const { policy } = rulesWith()
  const rules = {
    ...rulesWith(),
    policy: {
      ...policy,
      clocks: { ...policy.clocks, repair_cover: { ...policy.clocks.repair_cover, secondLimit } },
    },
  }
  const reached = TICKET_STATES.filter(
    (state): state is TicketState => !['answered_directly', 'merged'].includes(state),
  )
  const asked = { extensionId: 'x', reason: 'r', dueAt: at('23:00:00'), remainingMs: 1 }
  const histories = [
    ...reached.flatMap((state) => TICKET_KINDS.map((kind) => inState(state, kind))),
    inState('accepted', 'not_hot').then('request_extension', '08:03:00', asked),
    inState('accepted', 'not_hot')
      .then('request_extension', '08:03:00', asked)
      .then('answer_extension', '08:04:00', { extensionId: 'x', approve: true }),
  ]

  it('has its place on the screen of a role that may give it', () => {
    const people = [...Object.values(WHO), OPERATOR, SERVICE]
    const offered = new Set(people.flatMap((who) => histories.flatMap((one) => names(one, who, rules))))
    expect(COMMANDS.filter((one) => !offered.has(one))).toEqual([])
  })

  it.each(COMMANDS)('asks for what is mandatory: %s', (command) => {
    const fields: Fields = TICKET_COMMANDS[command].fields
    const required = Object.keys(fields).filter((name) => fields[name]?.optional === false)
    const offers = [DISPATCHER, OFFICER, SERVICE].flatMap((who) =>
      histories.flatMap((one) => offersIn(one, who, rules).offers.filter((each) => each.command === command)),
    )
    expect(offers).not.toEqual([])
    for (const offer of offers) {
      expect(offer.fields.map(({ name }) => name)).toEqual(expect.arrayContaining(required))
    }
  })

  it('is offered a second limit once, and only where the policy has one', () => {
    expect(names(inState('accepted'), OFFICER, rules)).toContain('state_hindrance')
    expect(names(inState('accepted'), OFFICER)).not.toContain('state_hindrance')
    const stated = inState('accepted').then('state_hindrance', '08:03:00', { reason: 'x' })
    expect(names(stated, OFFICER, rules)).not.toContain('state_hindrance')
  })

  it('asks dispatch, not the unit, for the extension of a venting well', () => {
    const ticket = inState('accepted', 'well_vent')
    expect(names(ticket, OFFICER)).not.toContain('request_extension')
    const { offers } = offersIn(ticket, DISPATCHER)
    expect(offers.find(({ command }) => command === 'request_extension')?.onBehalf).toBe(true)
  })
})

describe('fields that depend on each other', () => {
  const review = fieldsOf('review', inState('submitted'), DISPATCHER)
  const asked = (values: Values) => activeFields(review, values).map(({ name }) => name)

  it('a return has its reason, and words where the reason is another', () => {
    expect(asked({ pass: true })).toEqual(['pass', 'text', 'kind'])
    expect(asked({ pass: false })).toEqual(['pass', 'reason', 'text'])
    const other = { pass: false, reason: 'other' }
    expect(missingFields(review, other).map(({ name }) => name)).toEqual(['text'])
  })

  it('another category says from when its clocks run', () => {
    expect(asked({ pass: true, kind: 'cover' })).not.toContain('clocksFrom')
    const changed = { pass: false, reason: 'wrong_category', kind: 'well_vent' }
    expect(asked(changed)).toContain('clocksFrom')
    expect(asked(changed)).not.toContain('reportedAt')
    expect(asked({ ...changed, clocksFrom: 'reported' })).toContain('reportedAt')
  })

  it('a call in vain asks for no opinion, a phone order for who answered', () => {
    const callback = fieldsOf('callback', inState('callback_due'), DISPATCHER)
    expect(missingFields(callback, { callId: 'c', reached: false })).toEqual([])
    expect(missingFields(callback, { callId: 'c', reached: true }).map(({ name }) => name)).toEqual([
      'satisfied',
      'qualityRating',
    ])
    const dispatch = fieldsOf('dispatch', inState('under_review'), DISPATCHER)
    const start = startValues(dispatch, at('08:10:30'))
    expect(missingFields(dispatch, { ...start, channel: 'phone' }).map(({ name }) => name)).toEqual([
      'callee',
      'answered',
    ])
  })
})

describe('calls and reminders', () => {
  it('whoever is still to be called back comes first, with the attempts so far', () => {
    const calls = [aCall({ id: 'a' }), aCall({ id: 'b' })]
    const events = [
      anEvent('callback', { callId: 'b', reached: false }),
      anEvent('callback', { callId: 'a', reached: true, satisfied: false }),
    ]
    expect(callBacks({ calls, events })).toMatchObject([
      { call: { id: 'b' }, attempts: 1, done: false },
      { call: { id: 'a' }, done: true, satisfied: false },
    ])
    expect(callBacks({ calls, events: [...events, anEvent('reopen')] })).toMatchObject([
      { attempts: 0, done: false },
      { attempts: 0, done: false },
    ])
  })

  it('a reminder is answered by what the unit does, not by what the desk says', () => {
    const remind = anEvent('remind', { note: '?' }, 'r')
    expect(isAnswered({ events: [remind, anEvent('warned'), anEvent('note')] }, remind)).toBe(false)
    expect(isAnswered({ events: [remind, anEvent('depart')] }, remind)).toBe(true)
    expect(isAnswered({ events: [anEvent('depart'), remind] }, remind)).toBe(false)
  })
})
