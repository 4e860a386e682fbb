import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { assess } from '../../../server/domain/ticket/assessment.ts'
import { foldTicket } from '../../../server/domain/ticket/evolve.ts'
import { flagsOf } from '../../../server/domain/ticket/flags.ts'
import { FACTS, inState, onSite, tryCommand } from './at-state.ts'
import { at, DISPATCHER, OFFICER, OPERATOR, person, rulesWith } from './history.ts'

describe('extensions', () => {
  const ask = (kind: Parameters<typeof inState>[1], body: object, when = '08:30:00', actor = OFFICER) =>
    tryCommand(inState('accepted', kind), 'request_extension', {
      body: { reason: 'x', ...body },
      when,
      actor,
    })

  it.each(['cover', 'consult'] as const)('are not for %s (A17)', (kind) => {
    expect(ask(kind, { dueAt: '2026-01-16T08:00:00+08:00' })).toMatchObject({ code: 'guard-refused' })
  })

  it('of a venting well are the duty leader’s', () => {
    const dueAt = '2026-01-17T08:00:00+08:00'
    expect(ask('well_vent', { dueAt })).toMatchObject({ code: 'guard-refused' })
    expect(ask('well_vent', { dueAt }, '08:30:00', DISPATCHER)).toMatchObject({ type: 'request_extension' })
  })

  it('are asked for before the limit ends, beyond it and not without end (A18)', () => {
    // accepted 08:02 on the 15th: due 08:02 on the 18th, at most 72 h more
    expect(ask('not_hot', { dueAt: '2026-01-18T08:02:00+08:00' })).toMatchObject({ code: 'bad-value' })
    expect(ask('not_hot', { dueAt: '2026-01-21T08:02:01+08:00' })).toMatchObject({ code: 'bad-value' })
    const fair = { dueAt: '2026-01-21T08:02:00+08:00' }
    expect(ask('not_hot', fair, '2026-01-18T08:02:00')).toMatchObject({ type: 'request_extension' })
    expect(ask('not_hot', fair, '2026-01-18T08:02:01')).toMatchObject({
      code: 'guard-refused',
      clause: '第八条2',
    })
  })

  it('need no second step when one person speaks for both offices (A15)', () => {
    const history = inState('accepted', 'not_hot').then('request_extension', '08:05:00', {
      extensionId: 'x1',
      reason: 'x',
      dueAt: at('2026-01-19T08:00:00'),
      remainingMs: 1,
    })
    const both = person('both', 'dispatcher', 'service')
    expect(tryCommand(history, 'answer_extension', { actor: both })).toMatchObject({
      data: { confirms: true },
    })
  })
})

describe('dispatch', () => {
  it('to another department than the table’s needs a reason and stands as an override', () => {
    const body = { channel: 'system', departmentId: 'area-1' }
    expect(tryCommand(inState('under_review'), 'dispatch', { body })).toMatchObject({ missing: ['reason'] })
    expect(
      tryCommand(inState('under_review'), 'dispatch', { body: { ...body, reason: '实为二次网' } }),
    ).toMatchObject({ data: { rule: 'override', departmentId: 'area-1', why: '实为二次网' } })
  })

  it('by telephone names whom and whether anybody answered (R-36), and counts only when answered', () => {
    const history = inState('under_review')
    expect(tryCommand(history, 'dispatch', { body: { channel: 'phone' } })).toMatchObject({
      clause: '第六条2',
      missing: ['callee', 'answered'],
    })
    const rung = { channel: 'phone', callee: '王班长', answered: false }
    const event = tryCommand(history, 'dispatch', { body: rung })
    if (isRefusal(event)) throw new Error(event.detail)
    const after = foldTicket('t', [...history.events, event])
    expect([after.state, after.flags]).toEqual(['under_review', ['phone_unanswered']])
  })

  it('of a ticket that is out already moves it without moving a clock (A11)', () => {
    const history = inState('accepted')
    const body = { channel: 'system', departmentId: 'area-1', reason: 'x' }
    const event = tryCommand(history, 'dispatch', { body })
    if (isRefusal(event)) throw new Error(event.detail)
    const before = history.clocks('08:30:00')
    history.events.push(event)
    expect(history.clocks('08:30:00')).toEqual(before)
    expect(history.ticket()).toMatchObject({ state: 'dispatched', department: { id: 'area-1' } })
  })

  it('cannot be rejected once it counts as accepted (A28)', () => {
    expect(tryCommand(inState('dispatched'), 'reject', { when: '08:11:01' })).toMatchObject({
      code: 'guard-refused',
      clause: '第三条3',
    })
  })
})

describe('an emergency', () => {
  it('is not answered away by the operator', () => {
    expect(tryCommand(inState('under_review'), 'answer', { actor: OPERATOR })).toMatchObject({
      code: 'guard-refused',
    })
    expect(tryCommand(inState('under_review', 'consult'), 'answer', { actor: OPERATOR })).toMatchObject({
      type: 'answer',
    })
  })
})

describe('crews', () => {
  it('are of the ticket’s own department', () => {
    const stranger = { ...person('crew-area-1', 'crew'), departmentId: 'area-1' }
    const people = new Map([...FACTS.people, [stranger.id, stranger]])
    const body = { crewIds: [stranger.id] }
    expect(tryCommand(inState('accepted'), 'assign', { body, facts: { people } })).toMatchObject({
      code: 'bad-value',
    })
    expect(tryCommand(inState('accepted'), 'assign', { body: { crewIds: ['nobody'] } })).toMatchObject({
      code: 'bad-value',
    })
  })

  it('that leave safety unlogged for ten minutes are shown amber (A30)', () => {
    const ticket = onSite('cover').ticket()
    expect(flagsOf(assess(ticket, rulesWith(), at('08:15:00')))).toEqual([])
    expect(flagsOf(assess(ticket, rulesWith(), at('08:15:01')))).toEqual(['safety_missing'])
  })
})
