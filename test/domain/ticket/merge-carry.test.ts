import { describe, expect, it } from 'vitest'
import { assess } from '../../../server/domain/ticket/assessment.ts'
import { clocksOf } from '../../../server/domain/ticket/clocks.ts'
import type { TicketEvent } from '../../../server/domain/ticket/event.ts'
import { foldTicket } from '../../../server/domain/ticket/evolve.ts'
import { flagsOf } from '../../../server/domain/ticket/flags.ts'
import { mergeTickets, unmergeTickets } from '../../../server/domain/ticket/merge.ts'
import { sweep } from '../../../server/domain/ticket/sweep.ts'
import { handlingOf } from '../../../server/domain/ticket/ticket.ts'
import { ticketView } from '../../../server/domain/ticket/ticket-view.ts'
import { aSensorTicket, aTicket, at, DISPATCHER, OFFICER, rulesWith, SCENE, type History } from './history.ts'

const RULES = rulesWith()
const told = (id: string, { events }: History) => ({ ticket: foldTicket(id, events), events })
let ids = 0
const nextId = () => `m${String((ids += 1))}`

describe('a survivor that waited in the gate', () => {
  const by = { actor: DISPATCHER, at: at('08:50:00'), reason: 'x', newId: nextId, policy: RULES.policy }
  const waiting = told('first', aTicket('cover', '08:40:00', { callId: 'call-0' }))
  const gone = told(
    'other',
    aTicket('cover', '08:44:00', { callId: 'call-1' })
      .dispatched('08:44:00')
      .then('accept', '08:46:00', {})
      .then('arrive', '08:49:00', SCENE),
  )
  const merged = mergeTickets(waiting, gone, by)
  const whole = [...waiting.events, ...merged.intoSurvivor]
  const apartAt = (events: readonly TicketEvent[]) => {
    const { intoSurvivor } = unmergeTickets(foldTicket('first', events), gone.ticket, {
      ...by,
      at: at('09:30:00'),
    })
    return foldTicket('first', [...events, ...intoSurvivor])
  }

  it('was sent out when the other one was, and has the unit on site that was there', () => {
    const survivor = foldTicket('first', whole)
    expect(survivor.state).toBe('arrived')
    const { stints, arrivedAt } = handlingOf(survivor)
    expect(stints).toEqual([
      {
        departmentId: 'network-ops',
        dispatchedAt: at('08:44:00'),
        acceptedAt: at('08:46:00'),
        assignedAt: at('08:49:00'),
      },
    ])
    expect(arrivedAt).toBe(at('08:49:00'))
    expect(merged.intoSurvivor.slice(1).every(({ data }) => data.takenFrom === 'other')).toBe(true)
  })

  it('is back in the gate when they are taken apart, clocks and all', () => {
    const swept = [...whole, ...sweep(assess(foldTicket('first', whole), RULES, at('09:30:00')), nextId)]
    const back = apartAt(swept)
    expect(clocksOf(back, RULES, at('09:30:00'))).toEqual(clocksOf(waiting.ticket, RULES, at('09:30:00')))
    expect([back.state, back.calls]).toEqual(['under_review', waiting.ticket.calls])
  })

  it('stays with the unit that has taken it, which was not on site under this number', () => {
    const [, sent] = merged.intoSurvivor
    const accept = { id: 'own', type: 'accept', actor: OFFICER, data: {} } as const
    const when = { occurredAt: at('08:52:00'), enteredAt: at('08:52:00') }
    const onlySent = [
      ...waiting.events,
      ...merged.intoSurvivor.slice(0, 2),
      { ...accept, ...when } as TicketEvent,
    ]
    expect(sent?.type).toBe('auto_dispatched')
    expect(apartAt(onlySent).state).toBe('accepted')
    const alsoThere = [...whole, { ...accept, type: 'repair', data: { text: 'x' }, ...when } as TicketEvent]
    expect(handlingOf(apartAt(alsoThere))).toMatchObject({ repairedAt: at('08:52:00') })
    expect(handlingOf(apartAt(alsoThere)).arrivedAt).toBeUndefined()
  })
})

describe('what was promised and asked under the other number', () => {
  const by = { actor: DISPATCHER, at: at('09:30:00'), reason: 'x', newId: nextId, policy: RULES.policy }
  const taken = (kind: 'not_hot' | 'cover', opened: string, callId: string) =>
    aTicket(kind, opened, { callId }).dispatched(opened).then('accept', opened, {})
  const contact = (appointmentAt: string) => ({ reached: true, note: 'x', appointmentAt: at(appointmentAt) })

  it('keeps both appointments, each watched, and gives the other one back', () => {
    const first = told(
      'first',
      taken('not_hot', '08:00:00', 'call-0').then('contact', '08:30:00', contact('15:00:00')),
    )
    const second = told(
      'other',
      taken('not_hot', '09:00:00', 'call-1').then('contact', '09:10:00', contact('14:00:00')),
    )
    const merged = mergeTickets(first, second, by)
    const whole = [...first.events, ...merged.intoSurvivor]
    const survivor = foldTicket('first', whole)
    const view = (ticket = survivor, when = '10:00:00') =>
      ticketView(assess(ticket, RULES, at(when)), { events: [], calls: [] })
    expect(view().appointment).toMatchObject({ at: '2026-01-15T14:00:00+08:00', state: 'promised' })
    const due = sweep(assess(survivor, RULES, at('16:00:00')), nextId).flatMap((event) =>
      event.type === 'watched'
        ? [`${event.data.what} ${String((event.data.dueAt - at('00:00:00')) / 3_600_000)}`]
        : [],
    )
    expect(due).toEqual([
      'appointment_near 13',
      'appointment_near 14',
      'appointment_missed 14',
      'appointment_missed 15',
    ])
    expect(flagsOf(assess(survivor, RULES, at('14:30:00')))).toContain('appointment_missed')
    const apart = unmergeTickets(survivor, second.ticket, by)
    const alone = foldTicket('first', [...whole, ...apart.intoSurvivor])
    expect(handlingOf(alone)).toEqual(handlingOf(first.ticket))
  })

  it('does not take the other caller’s contact for one with the own caller, unless there is none', () => {
    const other = told(
      'other',
      taken('cover', '09:00:00', 'call-1').then('contact', '09:10:00', { reached: true, note: 'x' }),
    )
    const contactedAt = (first: History) => {
      const merged = mergeTickets(told('first', first), other, by)
      return handlingOf(foldTicket('first', [...first.events, ...merged.intoSurvivor])).contactedAt
    }
    expect(contactedAt(taken('cover', '08:00:00', 'call-0'))).toBeUndefined()
    expect(contactedAt(aSensorTicket('cover', '08:00:00').dispatched('08:00:00'))).toBe(at('09:10:00'))
  })

  it.each([
    ['in the order that they came', ['b', 'c']],
    ['the last one first', ['c', 'b']],
  ])('goes with each of two that are taken apart, %s', (_order, order) => {
    const own = told(
      'a',
      taken('not_hot', '08:00:00', 'call-a').then('contact', '08:30:00', contact('15:00:00')),
    )
    const others = new Map(
      ['b', 'c'].map((id) => {
        const other = taken('not_hot', '09:00:00', `call-${id}`).then(
          'contact',
          '09:10:00',
          contact('14:00:00'),
        )
        return [id, told(id, other)]
      }),
    )
    let events: readonly TicketEvent[] = own.events
    const apply = (change: typeof mergeTickets | typeof unmergeTickets, id: string): void => {
      const [ticket, other] = [foldTicket('a', events), others.get(id) ?? own]
      const made =
        change === mergeTickets
          ? mergeTickets({ ticket, events }, other, by)
          : unmergeTickets(ticket, foldTicket(id, other.events), by)
      events = [...events, ...made.intoSurvivor]
    }
    for (const id of others.keys()) apply(mergeTickets, id)
    expect(handlingOf(foldTicket('a', events))).not.toEqual(handlingOf(own.ticket))
    for (const id of order) apply(unmergeTickets, id)
    const left = foldTicket('a', events)
    expect([handlingOf(left), left.calls]).toEqual([handlingOf(own.ticket), own.ticket.calls])
  })

  it('is a hot matter as long as they are one, and the desk’s asking counts', () => {
    const first = told('first', taken('not_hot', '08:00:00', 'call-0'))
    const hot = aTicket('not_hot', '08:10:00', { callId: 'call-1', flags: ['hot'] }).dispatched('08:10:00')
    const second = told('other', hot.then('remind', '09:20:00', { note: '进展如何' }, { actor: DISPATCHER }))
    const merged = mergeTickets(first, second, by)
    const whole = [...first.events, ...merged.intoSurvivor]
    const survivor = foldTicket('first', whole)
    expect(survivor.flags).toContain('hot')
    expect(handlingOf(survivor).newsAt).toBe(at('09:20:00'))
    const apart = unmergeTickets(survivor, second.ticket, by)
    expect(foldTicket('first', [...whole, ...apart.intoSurvivor]).flags).not.toContain('hot')
  })

  it('remembers who was called back, and does not wait for callers who have gone', () => {
    const first = told(
      'first',
      aSensorTicket('cover', '08:00:00').dispatched('08:00:00').submitted('08:40:00'),
    )
    const called = (h: History, callId: string, done = false) =>
      h.then('callback', '09:20:00', { callId, reached: true, satisfied: true, done }, { actor: DISPATCHER })
    const both = taken('cover', '08:10:00', 'call-1').then('note', '08:20:00', {
      text: 'x',
      callId: 'call-2',
    })
    const second = told('other', called(both.submitted('09:00:00').passed('09:10:00'), 'call-1'))
    const merged = mergeTickets(first, second, by)
    const whole = [...first.events, ...merged.intoSurvivor]
    expect(handlingOf(foldTicket('first', whole)).callbacks).toMatchObject([
      { callId: 'call-1', reached: true },
    ])
    const passed: TicketEvent = {
      id: 'p',
      type: 'review',
      occurredAt: at('09:40:00'),
      enteredAt: at('09:40:00'),
      actor: DISPATCHER,
      data: { pass: true },
    }
    const due = foldTicket('first', [...whole, passed])
    expect(due.state).toBe('callback_due')
    const apart = unmergeTickets(due, second.ticket, { ...by, at: at('09:50:00') })
    const alone = foldTicket('first', [...whole, passed, ...apart.intoSurvivor])
    expect([alone.state, alone.calls, handlingOf(alone).closedAt]).toEqual(['archived', [], at('09:50:00')])
  })

  it('takes nothing of another department’s work, nor of one that was rejected', () => {
    const elsewhere = told('other', taken('cover', '08:10:00', 'call-1').then('arrive', '08:30:00', SCENE))
    const area = { ...elsewhere.ticket, department: { ...elsewhere.ticket.department, id: 'area-1' } }
    const first = told('first', taken('cover', '08:00:00', 'call-0'))
    const { intoSurvivor } = mergeTickets(first, { ...elsewhere, ticket: area }, by)
    expect(intoSurvivor.map(({ type }) => type)).toEqual(['merged'])
    const back = told(
      'other',
      taken('cover', '08:10:00', 'call-1').then('reject', '08:15:00', { reason: 'x' }),
    )
    expect(mergeTickets(first, back, by).intoSurvivor.map(({ type }) => type)).toEqual(['merged'])
  })
})
