import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { foldTicket } from '../../../server/domain/ticket/evolve.ts'
import { BODIES, inState, onSite, tryCommand } from './at-state.ts'
import { aTicket, at, CREW, DISPATCHER, OFFICER, person, SCENE, SERVICE, type History } from './history.ts'

const done = (kind = 'cover') => ({ result: 'x', finalKind: kind, outcome: 'done' })
describe('G1: nothing is closed that was not visited, secured and reported', () => {
  it('names arrival and its three fields with 第八条3(1)', () => {
    expect(tryCommand(inState('assigned'), 'submit')).toMatchObject({
      code: 'missing-field',
      clause: '第八条3(1)',
      missing: ['arrivedAt', 'scene', 'heatAffected', 'expectedMinutes', 'measures'],
    })
  })

  it('asks a primary leak for barrier and cordon with 第八条3(4)', () => {
    const leak = onSite('primary_leak').then('safety', '08:06:00', { measures: ['警示标识'] })
    expect(tryCommand(leak, 'submit', { body: done('primary_leak') })).toMatchObject({
      clause: '第八条3(4)',
      missing: ['barrier', 'cordon'],
    })
    leak.then('safety', '08:07:00', { measures: [], barrier: true })
    expect(tryCommand(leak, 'submit', { body: done('primary_leak') })).toMatchObject({ missing: ['cordon'] })
  })

  it('does not accept “none needed” for a cover, but does for a leak at home', () => {
    const none = { measures: [], noneReason: '无需' }
    expect(tryCommand(onSite('cover'), 'safety', { body: none })).toMatchObject({ code: 'guard-refused' })
    expect(tryCommand(onSite('indoor_leak'), 'safety', { body: none })).toMatchObject({ type: 'safety' })
    expect(tryCommand(onSite('indoor_leak'), 'safety', { body: { measures: [] } })).toMatchObject({
      missing: ['measures'],
    })
  })

  it('asks a third party’s station for the contact instead of the arrival', () => {
    const third = aTicket('hes_secondary', '08:00:00', { managedBy: '某物业' })
      .dispatched('08:01:00')
      .then('accept', '08:02:00', {})
      .then('restore', '09:00:00', {
        faultClearedAt: at('08:50:00'),
        heatRestoredAt: at('09:00:00'),
        result: 'x',
      })
    expect(tryCommand(third, 'submit', { body: done('hes_secondary'), when: '09:30:00' })).toMatchObject({
      clause: '第八条3(3)',
      missing: ['facilityContactAt', 'scene', 'heatAffected', 'expectedMinutes'],
    })
    third.then('contact_facility', '08:20:00', { callee: 'x', note: 'x', ...SCENE })
    expect(tryCommand(third, 'submit', { body: done('hes_secondary'), when: '09:30:00' })).toMatchObject({
      type: 'submit',
    })
  })

  it('does not let an open manhole be explained away, nor be done unrepaired', () => {
    const cover = onSite('cover').then('safety', '08:06:00', { measures: ['围挡'] })
    expect(tryCommand(cover, 'submit')).toMatchObject({ clause: '第八条3(5)', missing: ['repairedAt'] })
    const explained = { ...done(), outcome: 'explained_unresolved' }
    expect(tryCommand(cover, 'submit', { body: explained })).toMatchObject({ code: 'guard-refused' })
  })

  it('asks a unit without the system for its letter, which arrives when the desk has it (R-19, A37)', () => {
    const repaired = inState('repaired')
    const on = { facts: { writesByHand: true }, when: '10:00:00' }
    const body = { ...done(), occurredAt: '2026-01-15T09:00:00+08:00' }
    expect(tryCommand(repaired, 'submit', { ...on, body })).toMatchObject({
      code: 'missing-field',
      clause: '第三条5',
      missing: ['attachmentIds'],
    })
    const event = tryCommand(repaired, 'submit', { ...on, body: { ...body, attachmentIds: ['a1'] } })
    if (isRefusal(event)) throw new Error(event.detail)
    repaired.events.push(event)
    expect(repaired.clock('close_level', '10:00:00').stoppedAt).toBe(at('10:00:00'))
    expect(repaired.clock('repair_cover', '10:00:00').stoppedAt).toBe(at('08:08:00'))
    const byUnit = { ...on, actor: CREW, body: done() }
    expect(tryCommand(inState('repaired'), 'submit', byUnit)).toMatchObject({ type: 'submit' })
  })

  it('needs arrival and known evidence for an unfounded report, no more', () => {
    const body = { surveyAt: '2026-01-15T08:10:00+08:00', evidenceIds: ['a1'], informed: '调度中心' }
    expect(tryCommand(onSite('cover'), 'unfounded', { body })).toMatchObject({ type: 'unfounded' })
    expect(
      tryCommand(onSite('cover'), 'unfounded', { body: { ...body, evidenceIds: ['a2'] } }),
    ).toMatchObject({ code: 'bad-value' })
    expect(tryCommand(onSite('cover'), 'unfounded', { body: { surveyAt: body.surveyAt } })).toMatchObject({
      clause: '第四条A',
      missing: ['evidenceIds', 'informed'],
    })
  })
})

describe('G2: the sensor contradicts', () => {
  it('and the reviewer must have seen it', () => {
    const event = tryCommand(inState('repaired'), 'submit', { actor: CREW, facts: { sensorAbnormal: true } })
    if (isRefusal(event)) throw new Error(event.detail)
    const history = inState('repaired')
    history.events.push(event)
    expect(tryCommand(history, 'review')).toMatchObject({ missing: ['seenAbnormal'] })
    expect(tryCommand(history, 'review', { body: { pass: true, seenAbnormal: true } })).toMatchObject({
      type: 'review',
    })
    expect(tryCommand(history, 'review', { body: { pass: false, reason: 'not_in_norm' } })).toHaveProperty(
      'type',
    )
  })
})

describe('G3: nobody judges the own work', () => {
  const refused = (result: unknown) => isRefusal(result) && result.code === 'not-your-right'

  it('submitter and reviewer differ', () => {
    const history = inState('repaired').then(
      'submit',
      '08:10:00',
      { result: 'x', finalKind: 'cover', outcome: 'done' },
      { actor: DISPATCHER },
    )
    expect(refused(tryCommand(history, 'review'))).toBe(true)
    expect(refused(tryCommand(history, 'review', { actor: person('other', 'dispatcher') }))).toBe(false)
  })

  it('requester and approver of an extension differ', () => {
    const asked = (by: typeof OFFICER) =>
      inState('accepted', 'not_hot').then(
        'request_extension',
        '08:05:00',
        { extensionId: 'x1', reason: 'x', dueAt: at('2026-01-19T08:00:00'), remainingMs: 1 },
        { actor: by },
      )
    expect(refused(tryCommand(asked(DISPATCHER), 'answer_extension'))).toBe(true)
    expect(tryCommand(asked(OFFICER), 'answer_extension')).toMatchObject({ type: 'answer_extension' })
  })

  it('who worked on it does not call back', () => {
    const both = person(CREW.id, 'crew', 'service')
    expect(refused(tryCommand(inState('callback_due'), 'callback', { actor: both }))).toBe(true)
  })
})

describe('G4: the call-back', () => {
  const attempt = (history: History, when: string) =>
    tryCommand(history, 'callback', { actor: SERVICE, when, body: { callId: 'call-1', reached: false } })

  it('gives up after three attempts on two days, not before', () => {
    const history = inState('callback_due')
    for (const [when, state] of [
      ['09:00:00', 'callback_due'],
      ['10:00:00', 'callback_due'],
      ['11:00:00', 'callback_due'],
      ['2026-01-16T09:00:00', 'archived'],
    ] as const) {
      const event = attempt(history, when)
      if (isRefusal(event)) throw new Error(event.detail)
      history.events.push(event)
      expect([when, history.ticket().state]).toEqual([when, state])
    }
  })

  it('is owed to every caller', () => {
    const history = inState('callback_due').then('note', '08:20:00', { text: 'x', callId: 'call-2' })
    const first = tryCommand(history, 'callback', { actor: SERVICE })
    if (isRefusal(first)) throw new Error(first.detail)
    history.events.push(first)
    expect(history.ticket().state).toBe('callback_due')
  })

  it('asks for satisfaction and rating when somebody was reached (R-22)', () => {
    const body = { callId: 'call-1', reached: true }
    expect(tryCommand(inState('callback_due'), 'callback', { actor: SERVICE, body })).toMatchObject({
      clause: '第三条7',
      missing: ['satisfied', 'qualityRating'],
    })
  })

  it('of a dissatisfied caller lets the dispatcher open it again, with clocks of its own (A23)', () => {
    const history = inState('callback_due').then(
      'callback',
      '08:20:00',
      { callId: 'call-1', reached: true, satisfied: false, qualityRating: 1, done: true },
      { actor: SERVICE },
    )
    expect(history.ticket().flags).toContain('dissatisfied')
    history.then('reopen', '09:00:00', { reason: '仍在漏' }, { actor: DISPATCHER })
    const repairs = history.clocks('09:01:00').filter(({ key }) => key === 'repair_cover')
    expect(repairs.map(({ state, startAt }) => [state, startAt])).toEqual([
      ['running', at('09:00:00')],
      ['met', at('08:00:00')],
    ])
  })
})

describe('G5: corrections', () => {
  it('are new lines that move the clock and leave the old line as it was', () => {
    const history = onSite('cover').then('repair', '12:30:00', { text: '复位' }, { actor: CREW })
    expect(history.clock('repair_cover', '13:00:00').state).toBe('breached')
    const body = { eventId: 'e5', reason: '误记', occurredAt: '2026-01-15T11:50:00+08:00' }
    const event = tryCommand(history, 'correct', { body, when: '13:00:00' })
    if (isRefusal(event)) throw new Error(event.detail)
    history.events.push(event)
    expect(history.clock('repair_cover', '13:00:00').state).toBe('met')
    expect(history.events[4]).toMatchObject({ occurredAt: at('12:30:00') })
    expect(history.ticket().flags).toEqual(expect.arrayContaining(['corrected', 'late_entry']))
    expect(history.clock('repair_cover', '12:59:59').state).toBe('breached')
  })

  it('move a line neither before the dispatch that it answers nor a reply behind its review', () => {
    const history = inState('callback_due')
    const moved = (type: string, occurredAt: string) => {
      const eventId = history.events.find((event) => event.type === type)?.id
      const body = { eventId, reason: 'x', occurredAt: `2026-01-15T${occurredAt}+08:00` }
      return tryCommand(history, 'correct', { body, when: '09:00:00' })
    }
    expect(moved('accept', '08:00:59')).toMatchObject({ code: 'bad-time' })
    expect(moved('accept', '08:01:00')).toMatchObject({ type: 'correct' })
    expect(moved('submit', '08:11:01')).toMatchObject({ code: 'bad-time' })
    expect(moved('submit', '08:11:00')).toMatchObject({ type: 'correct' })
  })

  it('are for the author or a dispatcher, and never for what the system wrote', () => {
    const history = onSite('cover').then('repair', '08:30:00', { text: '复位' }, { actor: OFFICER })
    const body = { eventId: 'e5', reason: 'x', text: '改' }
    expect(tryCommand(history, 'correct', { body, actor: CREW, when: '09:00:00' })).toMatchObject({
      code: 'not-your-right',
    })
    expect(tryCommand(history, 'correct', { body: { ...body, eventId: 'e2' } })).toMatchObject({
      code: 'bad-value',
    })
    expect(tryCommand(history, 'correct', { body: { eventId: 'e5', reason: 'x' } })).toMatchObject({
      code: 'bad-value',
    })
  })
})

describe('G6: when it happened', () => {
  const arrive = (occurredAt: string, when = '09:00:00') =>
    tryCommand(inState('assigned'), 'arrive', { body: { ...SCENE, occurredAt }, when })

  it('counts, not when it was entered; later than 30 minutes is flagged', () => {
    expect(arrive('2026-01-15T08:30:00+08:00')).not.toHaveProperty('late')
    const late = arrive('2026-01-15T08:29:59+08:00')
    if (isRefusal(late)) throw new Error(late.detail)
    expect(late).toMatchObject({ late: true, occurredAt: at('08:29:59'), enteredAt: at('09:00:00') })
    expect(foldTicket('t', [...inState('assigned').events, late]).flags).toContain('late_entry')
  })

  it.each([
    ['review', 'submitted', '08:09:59'],
    ['callback', 'callback_due', '08:10:59'],
    ['reopen', 'archived', '08:10:59'],
    ['submit', 'returned', '08:10:59'],
  ] as const)('of %s is not before what it follows upon', (command, state, time) => {
    const body = { ...BODIES[command], occurredAt: `2026-01-15T${time}+08:00` }
    const on = { body, when: '09:00:00', actor: person('second', 'dispatcher', 'service') }
    expect(tryCommand(inState(state), command, on)).toMatchObject({ code: 'bad-time' })
    const now = { ...on, body: BODIES[command] }
    expect(tryCommand(inState(state), command, now)).toMatchObject({ type: command })
  })

  it.each([
    ['in the future', '2026-01-15T09:00:01+08:00'],
    ['before the dispatch', '2026-01-15T08:00:59+08:00'],
    ['without an offset', '2026-01-15T08:30:00'],
  ])('is refused %s', (_, occurredAt) => {
    expect(arrive(occurredAt)).toMatchObject({ code: 'bad-time' })
  })
})
