import { describe, expect, it } from 'vitest'
import { assess } from '../../../server/domain/ticket/assessment.ts'
import type { Rules } from '../../../server/domain/ticket/clock.ts'
import type { EventOf } from '../../../server/domain/ticket/event.ts'
import { flagsOf } from '../../../server/domain/ticket/flags.ts'
import { nextDue, sweep } from '../../../server/domain/ticket/sweep.ts'
import { ticketView } from '../../../server/domain/ticket/ticket-view.ts'
import { aTicket, at, DISPATCHER, rulesWith, SCENE, type History } from './history.ts'

const watched = (history: History, when: string) =>
  sweep(assess(history.ticket(), rulesWith(), at(when)), () => 'x')
    .filter((event): event is EventOf<'watched'> => event.type === 'watched')
    .map(({ data }) => data.what)
const flags = (history: History, when: string) => flagsOf(assess(history.ticket(), rulesWith(), at(when)))
const view = (history: History, when: string) =>
  ticketView(assess(history.ticket(), rulesWith(), at(when)), { events: [], calls: [] })

/** Accepted and talked to; the unit has promised to come at 14:00. */
const promised = (appointmentAt = '14:00:00') =>
  aTicket('not_hot', '09:00:00')
    .dispatched('09:05:00')
    .then('accept', '09:06:00', {})
    .then('contact', '10:00:00', { reached: true, note: '约定上门', appointmentAt: at(appointmentAt) })

describe('an appointment (A46)', () => {
  it('is shown as a promise', () => {
    expect(view(promised(), '11:00:00').appointment).toEqual({
      at: '2026-01-15T14:00:00+08:00',
      madeAt: '2026-01-15T10:00:00+08:00',
      state: 'promised',
    })
  })

  it('is warned of an hour before, and its miss is recorded after its instant', () => {
    expect(watched(promised(), '12:59:59')).toEqual([])
    expect(watched(promised(), '13:00:00')).toEqual(['appointment_near'])
    expect(watched(promised(), '14:00:00')).toEqual(['appointment_near'])
    expect(watched(promised(), '14:00:01')).toEqual(['appointment_near', 'appointment_missed'])
    expect(view(promised(), '14:00:01').appointment?.state).toBe('missed')
    expect(flags(promised(), '14:00:01')).toContain('appointment_missed')
  })

  it('is kept by being there exactly then', () => {
    const kept = promised().then('arrive', '14:00:00', SCENE)
    expect(watched(kept, '15:00:00')).not.toContain('appointment_missed')
    expect(view(kept, '15:00:00').appointment).toMatchObject({
      keptAt: '2026-01-15T14:00:00+08:00',
      state: 'kept',
    })
  })

  it('stays missed for who comes later', () => {
    const late = promised().then('arrive', '14:30:00', SCENE)
    expect(view(late, '15:00:00').appointment?.state).toBe('missed')
    expect(flags(late, '15:00:00')).toContain('appointment_missed')
  })

  it('is replaced by a newer one, which is watched for itself', () => {
    const moved = promised()
    const said = sweep(assess(moved.ticket(), rulesWith(), at('13:10:00')), () => 'w')
    moved.events.push(...said)
    moved.then('contact', '13:20:00', { reached: true, note: '改期', appointmentAt: at('17:00:00') })
    expect(watched(moved, '14:30:00')).toEqual([])
    expect(watched(moved, '17:00:01')).toEqual(['appointment_near', 'appointment_missed'])
  })

  it('made within the hour needs no warning', () => {
    expect(watched(promised('10:40:00'), '10:41:00')).toEqual(['appointment_missed'])
  })

  it('changes no clock: its miss is no breach', () => {
    const clocks = promised().clocks('14:30:00')
    expect(clocks.filter(({ breaches }) => breaches.length > 0).map(({ key }) => key)).toEqual(['assign'])
  })

  it('is over with the ticket', () => {
    const closed = promised().submitted('11:00:00').passed('11:30:00')
    expect(watched(closed, '20:00:00')).toEqual([])
  })
})

describe('safety measures (A30)', () => {
  const onSite = () => aTicket('cover', '08:00:00').dispatched('08:00:00').then('arrive', '08:20:00', SCENE)

  it('are looked for 10 minutes after arrival', () => {
    expect(watched(onSite(), '08:30:00')).toEqual([])
    expect(watched(onSite(), '08:30:01')).toEqual(['safety_missing'])
    expect(flags(onSite(), '08:30:01')).toContain('safety_missing')
  })

  it('set in time are not asked for', () => {
    const safe = onSite().then('safety', '08:25:00', { measures: ['围挡'] })
    expect(watched(safe, '09:00:00')).toEqual([])
  })
})

describe('a hot matter (R-14)', () => {
  const hot = () =>
    aTicket('not_hot', '08:00:00', { flags: ['hot'] })
      .dispatched('08:00:00')
      .then('accept', '08:05:00', {})

  it('without news for eight hours is to be asked about, once', () => {
    expect(watched(hot(), '16:05:00')).toEqual([])
    expect(watched(hot(), '16:05:01')).toEqual(['progress_due'])
    const asked = hot()
    asked.events.push(...sweep(assess(asked.ticket(), rulesWith(), at('17:00:00')), () => 'w'))
    expect(watched(asked, '2026-01-16T08:00:00')).toEqual([])
  })

  it.each([
    ['the desk has asked', 'remind', { note: '进展' }],
    ['the unit has reported', 'contact', { reached: true, note: '已联系' }],
  ] as const)('of which %s is left alone for as long again', (_, command, data) => {
    const known = hot().then(command, '12:00:00', data)
    expect(watched(known, '20:00:00')).toEqual([])
    expect(watched(known, '20:00:01')).toEqual(['progress_due'])
  })

  it('is over with the reply; another matter is not asked about', () => {
    expect(watched(hot().submitted('10:00:00'), '2026-01-16T09:00:00')).toEqual([])
    const usual = aTicket('not_hot', '08:00:00').dispatched('08:00:00').then('accept', '08:05:00', {})
    expect(watched(usual, '2026-01-16T09:00:00')).toEqual([])
  })
})

it('an answer that may lawfully come after the limit it is to extend is amber (A19)', () => {
  const asked = (hour: string) =>
    promised().then('request_extension', hour, {
      extensionId: 'x1',
      reason: 'x',
      dueAt: at('2026-01-20T09:00:00'),
      remainingMs: 1,
    })
  // Accepted at 09:06 on the 15th: due at 09:06 on the 18th.
  expect(flags(asked('2026-01-17T09:06:00'), '2026-01-17T10:00:00')).not.toContain('answer_after_due')
  const late = asked('2026-01-17T09:06:01')
  expect(flags(late, '2026-01-17T10:00:00')).toContain('answer_after_due')
  late.then('answer_extension', '2026-01-17T11:00:00', { extensionId: 'x1', approve: false })
  expect(flags(late, '2026-01-17T12:00:00')).not.toContain('answer_after_due')
})

describe('heat that stays off (A40)', () => {
  const statutory = { law: 'x', reportMinutes: 1440, compensateMinutes: 2880, verified: false }
  const withLaw = { ...rulesWith(), policy: { ...rulesWith().policy, statutory } }
  const seen = (history: History, when: string, rules: Rules = withLaw) =>
    sweep(assess(history.ticket(), rules, at(when)), () => 'x').flatMap((event) =>
      event.type === 'watched' && event.data.what.startsWith('outage') ? [event.data.what] : [],
    )
  const off = (heatAffected = true) =>
    aTicket('primary_leak', '08:00:00')
      .dispatched('08:01:00')
      .then('arrive', '08:20:00', { ...SCENE, heatAffected })

  it('is to be reported after a day and compensated after two, where the pack says so', () => {
    expect(seen(off(), '2026-01-16T08:00:00')).toEqual([])
    expect(seen(off(), '2026-01-16T08:00:01')).toEqual(['outage_to_report'])
    expect(seen(off(), '2026-01-17T08:00:01')).toEqual(['outage_to_report', 'outage_to_compensate'])
    expect(seen(off(), '2026-01-17T08:00:01', rulesWith())).toEqual([])
  })

  it('is over when it is back, and nothing where heat was never off', () => {
    const back = off().then('restore', '2026-01-15T20:00:00', { heatRestoredAt: at('20:00:00'), result: 'x' })
    expect(seen(back, '2026-01-20T08:00:00')).toEqual([])
    expect(seen(off(false), '2026-01-20T08:00:00')).toEqual([])
  })
})

describe('a review (A20)', () => {
  const replied = () =>
    aTicket('not_hot', '08:00:00').dispatched('08:00:00').then('accept', '08:05:00', {}).submitted('10:00:00')

  it('is amber 24 h after the reply', () => {
    expect(watched(replied(), '2026-01-16T10:00:00')).toEqual([])
    expect(watched(replied(), '2026-01-16T10:00:01')).toEqual(['review_late'])
    expect(flags(replied(), '2026-01-16T10:00:01')).toContain('review_late')
  })

  it('is watched anew for the next reply', () => {
    const again = replied()
    again.events.push(...sweep(assess(again.ticket(), rulesWith(), at('2026-01-16T11:00:00')), () => 'w'))
    again
      .then('review', '2026-01-16T12:00:00', { pass: false, reason: 'not_detailed' }, { actor: DISPATCHER })
      .submitted('2026-01-16T13:00:00')
    expect(watched(again, '2026-01-17T13:00:00')).toEqual([])
    expect(watched(again, '2026-01-17T13:00:01')).toEqual(['review_late'])
  })
})

it('everything watched is written once, at its own instant', () => {
  const history = promised()
  const written = sweep(assess(history.ticket(), rulesWith(), at('20:00:00')), () => 'w')
  history.events.push(...written)
  expect(sweep(assess(history.ticket(), rulesWith(), at('20:00:00')), () => 'x')).toEqual([])
  const near = written.find((event) => event.type === 'watched')
  expect(near).toMatchObject({ occurredAt: at('13:00:00'), enteredAt: at('20:00:00') })
})

it('the next thing to be watched is what the schedule wakes for', () => {
  const history = promised()
  history.events.push(...sweep(assess(history.ticket(), rulesWith(), at('12:30:00')), () => 'w'))
  expect(nextDue(assess(history.ticket(), rulesWith(), at('12:30:00')))).toBe(at('13:00:00'))
})
