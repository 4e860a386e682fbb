import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { assess } from '../../../server/domain/ticket/assessment.ts'
import { foldTicket } from '../../../server/domain/ticket/evolve.ts'
import { flagsOf } from '../../../server/domain/ticket/flags.ts'
import { nextDue, sweep } from '../../../server/domain/ticket/sweep.ts'
import { inState, tryCommand } from './at-state.ts'
import { at, CREW, OFFICER, rulesWith, SCENE } from './history.ts'

/** Dispatched at 08:01 and signed for by nobody: it counts as accepted from 08:11 on (第三条3). */
const unsigned = () => inState('dispatched')
const arrive = (when: string, occurredAt?: string) =>
  tryCommand(unsigned(), 'arrive', {
    actor: CREW,
    when,
    body: { ...SCENE, ...(occurredAt === undefined ? {} : { occurredAt: `2026-01-15T${occurredAt}+08:00` }) },
  })

describe('a ticket that nobody has signed for', () => {
  it('waits for the unit as long as that may accept or reject it', () => {
    expect(arrive('08:11:00')).toMatchObject({ code: 'wrong-state' })
    expect(flagsOf(assess(unsigned().ticket(), rulesWith(), at('08:11:00')))).not.toContain('deemed_accepted')
  })

  it('is signed for in time up to the end of the very second of its limit', () => {
    const history = unsigned()
    history.events.push(...sweep(assess(history.ticket(), rulesWith(), at('08:11:00.999')), () => 'w'))
    expect(history.events.slice(2).map(({ type }) => type)).toEqual(['warned', 'warned'])
    expect(nextDue(assess(history.ticket(), rulesWith(), at('08:11:00.999')))).toBe(at('08:11:01'))
    for (const command of ['accept', 'reject'] as const) {
      const signed = tryCommand(history, command, { actor: OFFICER, when: '08:11:00.700' })
      expect(signed).toMatchObject({ type: command })
      if (isRefusal(signed)) throw new Error(signed.detail)
      const after = [...history.events, signed]
      const left = foldTicket('t', after)
      expect(left.deemed).toEqual([])
      const swept = sweep(assess(left, rulesWith(), at('08:11:01')), () => 'w')
      expect(swept.map(({ type }) => type)).not.toContain('deemed_accepted')
      const clock = assess(left, rulesWith(), at('08:12:00')).clocks.find(
        ({ key, run }) => key === 'accept' && run === '0.0',
      )
      expect(clock).toMatchObject({ breaches: [], state: command === 'accept' ? 'met' : 'cancelled' })
    }
    expect(tryCommand(history, 'reject', { actor: OFFICER, when: '08:11:01' })).toMatchObject({
      code: 'guard-refused',
    })
  })

  it('can be worked on by the crew once it counts as accepted', () => {
    expect(flagsOf(assess(unsigned().ticket(), rulesWith(), at('08:11:01')))).toContain('deemed_accepted')
    const history = unsigned()
    for (const [command, when, state] of [
      ['depart', '08:12:00', 'en_route'],
      ['arrive', '08:20:00', 'arrived'],
      ['safety', '08:22:00', 'safety_set'],
      ['repair', '09:00:00', 'repaired'],
      ['submit', '09:05:00', 'submitted'],
    ] as const) {
      const event = tryCommand(history, command, { actor: CREW, when })
      if (isRefusal(event)) throw new Error(`${command}: ${event.detail}`)
      history.events.push(event)
      expect([command, history.ticket().state]).toEqual([command, state])
    }
    expect(history.clock('repair_cover', '09:05:00').state).toBe('met')
  })

  it('is taken by whoever works on it: its acceptance stops there, late', () => {
    const history = unsigned()
    const event = arrive('08:30:00')
    if (isRefusal(event)) throw new Error(event.detail)
    history.events.push(event)
    expect(history.clock('accept', '08:30:00')).toMatchObject({
      state: 'breached',
      breaches: [at('08:11:00')],
      stoppedAt: at('08:30:00'),
    })
    expect(history.clock('arrive', '08:30:00')).toMatchObject({ state: 'met', dueAt: at('08:31:00') })
  })

  it('counts from when the crew was there, not from when that was entered (G6)', () => {
    const history = unsigned()
    const event = arrive('08:40:00', '08:09:00')
    if (isRefusal(event)) throw new Error(event.detail)
    history.events.push(event)
    expect(history.clock('arrive', '08:40:00')).toMatchObject({ state: 'met', stoppedAt: at('08:09:00') })
  })

  it('can still be signed for, and is deemed accepted once only', () => {
    const history = unsigned()
    history.events.push(...sweep(assess(history.ticket(), rulesWith(), at('08:12:00')), () => 'w'))
    const signed = tryCommand(history, 'accept', { actor: OFFICER, when: '08:13:00' })
    if (isRefusal(signed)) throw new Error(signed.detail)
    history.events.push(signed)
    expect(history.ticket().state).toBe('accepted')
    const later = sweep(assess(history.ticket(), rulesWith(), at('08:20:00')), () => 'x')
    expect(later.map(({ type }) => type)).not.toContain('deemed_accepted')
    expect(nextDue(assess(foldTicket('t', history.events), rulesWith(), at('08:20:00')))).toBeDefined()
  })
})
