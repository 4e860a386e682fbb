import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import { assess } from '../../../server/domain/ticket/assessment.ts'
import type { Person } from '../../../server/domain/access/actor.ts'
import { checkPolicy } from '../../../server/domain/policy/check-policy.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import type { Rules } from '../../../server/domain/ticket/clock.ts'
import { clocksOf } from '../../../server/domain/ticket/clocks.ts'
import { decide } from '../../../server/domain/ticket/decide.ts'
import { flagsOf } from '../../../server/domain/ticket/flags.ts'
import { sweep } from '../../../server/domain/ticket/sweep.ts'
import { ticketView } from '../../../server/domain/ticket/ticket-view.ts'
import { aTicket, at, DISPATCHER, OFFICER, OPS, person, rulesWith, SERVICE, type History } from './history.ts'

const TWO: Rules = {
  ...rulesWith(),
  policy: {
    ...WUDA,
    reviewLevels: [
      { name: { zh: '一级审核', en: 'first' }, targetMinutes: 60 },
      { name: { zh: '二级审核', en: 'second' }, targetMinutes: 120, role: 'service' },
    ],
  },
}
const SAME_DESK: Rules = {
  ...TWO,
  policy: { ...TWO.policy, reviewLevels: [{ name: { zh: '一', en: 'a' } }, { name: { zh: '二', en: 'b' } }] },
}
const replied = () =>
  aTicket('not_hot', '08:00:00').dispatched('08:00:00').then('accept', '08:05:00', {}).submitted('10:00:00')

/** The desk says something; the history goes on with it, or the refusal comes back. */
function say(
  history: History,
  rules: Rules,
  by: {
    readonly actor: Person
    readonly when: string
    readonly body: object
    readonly command?: CommandName
  },
) {
  const facts = {
    departments: new Map<string, string>(),
    routeNow: OPS,
    people: new Map<string, Person>(),
    attachments: new Set<string>(),
    sensorAbnormal: false,
    writesByHand: false,
    newId: () => `n${String(history.events.length)}`,
  }
  const on = { ticket: history.ticket(), events: history.events, actor: by.actor, at: at(by.when) }
  const command = {
    command: by.command ?? ('review' as const),
    version: history.events.length,
    body: { ...by.body },
  }
  const done = decide({ ...on, rules, facts }, command)
  if (!isRefusal(done)) history.events.push(done)
  return done
}
const view = (history: History, rules: Rules, when: string) =>
  ticketView(assess(history.ticket(), rules, at(when)), { events: history.events, calls: [] })
const PASS = { pass: true }

describe('two levels of review (A20)', () => {
  it('pass one after the other, each by its own people, and only the last one sends on', () => {
    const history = replied()
    expect(view(history, TWO, '10:00:00').review).toEqual({
      level: 1,
      levels: 2,
      name: { zh: '一级审核', en: 'first' },
      role: 'dispatcher',
      passedBy: [],
      since: '2026-01-15T10:00:00+08:00',
      dueAt: '2026-01-15T11:00:00+08:00',
    })
    const early = say(history, TWO, { actor: SERVICE, when: '10:10:00', body: PASS })
    expect(early).toMatchObject({ code: 'not-your-right' })
    say(history, TWO, { actor: DISPATCHER, when: '10:30:00', body: PASS })
    expect(history.ticket().state).toBe('submitted')
    expect(view(history, TWO, '10:30:00').review).toMatchObject({
      level: 2,
      role: 'service',
      passedBy: ['dispatcher'],
      since: '2026-01-15T10:30:00+08:00',
      dueAt: '2026-01-15T12:30:00+08:00',
    })
    const again = say(history, TWO, { actor: DISPATCHER, when: '10:40:00', body: PASS })
    expect(again).toMatchObject({ code: 'not-your-right' })
    say(history, TWO, { actor: SERVICE, when: '11:00:00', body: PASS })
    expect(history.ticket().state).toBe('callback_due')
    expect(view(history, TWO, '11:00:00').review).toBeUndefined()
    // The call-back counts from the slip, whoever reviewed it and when (A21).
    const c13 = clocksOf(history.ticket(), TWO, at('11:00:00')).find(({ key }) => key === 'call_back')
    expect(c13?.startAt).toBe(at('10:00:00'))
  })

  it('are never both by the same person, even at the same desk', () => {
    const history = replied()
    say(history, SAME_DESK, { actor: DISPATCHER, when: '10:30:00', body: PASS })
    const twice = say(history, SAME_DESK, { actor: DISPATCHER, when: '10:31:00', body: PASS })
    expect(twice).toMatchObject({ code: 'not-your-right' })
    say(history, SAME_DESK, { actor: person('dispatcher-2', 'dispatcher'), when: '10:32:00', body: PASS })
    expect(history.ticket().state).toBe('callback_due')
  })

  it('have a target each, told once each', () => {
    const history = replied()
    const watched = (when: string) =>
      sweep(assess(history.ticket(), TWO, at(when)), () => 'w')
        .filter((event) => event.type === 'watched')
        .map(({ data, occurredAt }) => `${data.what} ${String(occurredAt - at('10:00:00'))}`)
    expect(watched('11:00:00')).toEqual([])
    expect(watched('11:00:01')).toEqual(['review_late 3600000'])
    expect(flagsOf(assess(history.ticket(), TWO, at('11:00:01')))).toContain('review_late')
    history.events.push(...sweep(assess(history.ticket(), TWO, at('11:00:01')), () => 'w'))
    say(history, TWO, { actor: DISPATCHER, when: '11:30:00', body: PASS })
    expect(watched('13:30:00')).toEqual([])
    expect(flagsOf(assess(history.ticket(), TWO, at('13:30:00')))).not.toContain('review_late')
    expect(watched('13:30:01')).toEqual(['review_late 12600000'])
  })

  it('begin anew with a reply that a later level has sent back, none of the time charged to the unit', () => {
    const history = replied()
    say(history, TWO, { actor: DISPATCHER, when: '10:30:00', body: PASS })
    say(history, TWO, { actor: SERVICE, when: '11:00:00', body: { pass: false, reason: 'not_detailed' } })
    expect([history.ticket().state, history.ticket().returnCount]).toEqual(['returned', 1])
    const body = { result: '补充', finalKind: 'not_hot', outcome: 'done' }
    say(history, TWO, { actor: OFFICER, when: '11:30:00', body, command: 'submit' })
    expect(view(history, TWO, '11:30:00').review).toMatchObject({ level: 1, passedBy: [] })
    const clock = clocksOf(history.ticket(), TWO, at('11:30:00')).find(({ key }) => key === 'close_not_hot')
    expect(clock?.excludedMs).toBe(at('11:00:00') - at('10:00:00'))
  })

  it('are checked in a pack, which has one where it lists none', () => {
    expect(checkPolicy(TWO.policy)).toEqual({ pack: TWO.policy, renamed: new Map() })
    const wrong = { ...WUDA, reviewLevels: [] }
    expect(checkPolicy(wrong)).toMatchObject({ mistakes: [{ path: 'reviewLevels' }] })
    const none = { ...WUDA }
    delete none.reviewLevels
    expect(view(replied(), { ...TWO, policy: none }, '10:00:00').review).toMatchObject({
      level: 1,
      levels: 1,
    })
  })
})
