import { describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import type { TicketKind } from '#contract/vocabulary.ts'
import { tryCommand } from './at-state.ts'
import { aTicket, at, DISPATCHER, SCENE, type History } from './history.ts'

/** Phoned in as “other request”: in truth a well without its cover. Replied to at 14:00. */
const replied = (finalKind: TicketKind = 'help_other') =>
  aTicket('help_other', '08:00:00')
    .dispatched('08:10:00')
    .then('accept', '08:15:00', {})
    .then('assign', '08:16:00', { crewIds: ['c'] })
    .then('submit', '14:00:00', { result: '井盖已复位', finalKind, outcome: 'done' })

const review = (history: History, body: Record<string, unknown>, when = '15:00:00') =>
  tryCommand(history, 'review', { body, when, actor: DISPATCHER })
const reviewed = (history: History, body: Record<string, unknown>, when = '15:00:00') => {
  const event = review(history, body, when)
  if (isRefusal(event)) throw new Error(event.detail)
  history.events.push(event)
  return history
}
const wrong = { pass: false, reason: 'wrong_category', kind: 'cover' }

describe('a wrong category found by the reviewer (A35)', () => {
  it('strictly runs the true clocks from the report: a breach nobody had seen comes to light', () => {
    const cover = reviewed(replied(), wrong)
    expect(cover.ticket()).toMatchObject({ kind: 'cover', level: 'special', state: 'returned' })
    expect(cover.clock('repair_cover', '15:00:00')).toMatchObject({
      startAt: at('08:00:00'),
      dueAt: at('12:00:00'),
      state: 'breached',
    })
    expect(cover.clock('close_level', '15:00:00')).toMatchObject({ limitMinutes: 240, severity: 'amber' })
  })

  it('runs them from the report of new facts when the reviewer says so', () => {
    const body = { ...wrong, clocksFrom: 'reported', reportedAt: '2026-01-15T14:30:00+08:00' }
    const cover = reviewed(replied(), body)
    expect(cover.clock('repair_cover', '15:00:00')).toMatchObject({
      startAt: at('14:30:00'),
      // 4 h and the half hour that it then lay with the reviewer (A16)
      dueAt: at('19:00:00'),
      state: 'running',
    })
    expect(cover.clock('arrive', '15:00:00')).toMatchObject({
      startAt: at('14:30:00'),
      dueAt: at('15:00:00'),
    })
    expect(cover.clock('dispatch', '15:00:00')).toMatchObject({ startAt: at('08:00:00'), state: 'met' })
  })

  it('takes the review itself for the report when no time is given', () => {
    const cover = reviewed(replied(), { ...wrong, clocksFrom: 'reported' })
    expect(cover.clock('repair_cover', '15:00:00').startAt).toBe(at('15:00:00'))
  })

  it('undoes no breach of what it was taken for', () => {
    const late = aTicket('not_hot', '2026-01-10T08:00:00')
      .dispatched('2026-01-10T08:05:00')
      .then('accept', '2026-01-10T08:06:00', {})
      .then('submit', '2026-01-14T08:00:00', { result: 'x', finalKind: 'not_hot', outcome: 'done' })
    reviewed(late, { ...wrong, kind: 'indoor_leak' }, '2026-01-14T09:00:00')
    expect(late.clock('close_not_hot', '2026-01-14T10:00:00')).toMatchObject({
      state: 'breached',
      breaches: [at('2026-01-13T08:06:00')],
    })
    expect(late.clock('contact_reporter', '2026-01-20T10:00:00')).toMatchObject({ state: 'breached' })
    expect(late.clock('close_indoor_leak', '2026-01-14T10:00:00')).toMatchObject({
      dueAt: at('2026-01-11T08:00:00'),
    })
  })

  it('lists a running clock of what it was taken for as cancelled from then on', () => {
    const consult = aTicket('consult', '08:00:00')
      .dispatched('08:05:00')
      .then('accept', '08:06:00', {})
      .then('submit', '09:00:00', { result: 'x', finalKind: 'consult', outcome: 'done' })
    reviewed(consult, { ...wrong, kind: 'not_hot' }, '10:00:00')
    expect(consult.clock('close_consult', '2026-01-30T00:00:00')).toMatchObject({
      state: 'cancelled',
      breaches: [],
    })
  })

  it('then asks for what the true category needs', () => {
    const cover = reviewed(replied(), wrong)
    const body = { result: 'x', finalKind: 'cover', outcome: 'done' }
    expect(tryCommand(cover, 'submit', { body, when: '15:30:00' })).toMatchObject({
      code: 'missing-field',
      missing: ['arrivedAt', 'scene', 'heatAffected', 'expectedMinutes', 'measures'],
    })
  })

  it('needs “wrong category” as its reason', () => {
    const body = { pass: false, reason: 'not_detailed', kind: 'cover' }
    expect(review(replied(), body)).toMatchObject({ code: 'bad-value' })
  })

  it('cannot have been reported in the future', () => {
    const body = { ...wrong, clocksFrom: 'reported', reportedAt: '2026-01-15T16:00:00+08:00' }
    expect(review(replied(), body)).toMatchObject({ code: 'bad-time' })
  })
})

describe('a reply whose own category differs', () => {
  it('does not pass before it has what that category needs', () => {
    expect(review(replied('cover'), { pass: true })).toMatchObject({ code: 'missing-field' })
  })

  it('passes into that category, its clocks from the report', () => {
    const done = aTicket('help_other', '08:00:00')
      .dispatched('08:10:00')
      .then('accept', '08:15:00', {})
      .then('arrive', '08:30:00', SCENE)
      .then('safety', '08:31:00', { measures: ['围挡'] })
      .then('repair', '11:00:00', { text: '复位' })
      .then('submit', '11:30:00', { result: 'x', finalKind: 'cover', outcome: 'done' })
    reviewed(done, { pass: true }, '12:30:00')
    expect(done.ticket()).toMatchObject({ kind: 'cover', state: 'callback_due' })
    expect(done.clock('repair_cover', '13:00:00')).toMatchObject({ state: 'met', dueAt: at('12:00:00') })
  })

  it('that is the same changes nothing', () => {
    const same = reviewed(replied(), { pass: true })
    expect(same.ticket().formerKinds).toBeUndefined()
    expect(same.ticket().flags).not.toContain('recategorised')
  })
})
