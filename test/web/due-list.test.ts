import { describe, expect, it } from 'vitest'
import type { CallView } from '#contract/hotline.ts'
import type { IncidentView } from '#contract/incident.ts'
import type { TicketView } from '#contract/ticket.ts'
import type { Level } from '#contract/vocabulary.ts'
import { dueList, originOf } from '../../web/src/model/due-list.ts'
import { nextClock, urgency } from '../../web/src/model/next-clock.ts'
import { aClock, anIncident, aTicket } from './samples.ts'

const NOW = Date.parse('2026-01-15T23:06:24+08:00')
const seen = { acknowledgedAt: '2026-01-15T22:44:00+08:00' }
const incidents = (...all: IncidentView[]) => new Map(all.map((incident) => [incident.id, incident]))

describe('the next clock of a ticket', () => {
  it('is the one that runs out first, whichever it is', () => {
    const accept = aClock({ key: 'accept', dueAt: '2026-01-15T22:53:10+08:00' })
    expect(nextClock({ clocks: [aClock(), accept] })?.clock.key).toBe('accept')
  })

  it('leaves out what has stopped, what is cancelled, what has not begun and what is only measured', () => {
    const clocks = [
      aClock({ key: 'dispatch', state: 'met', stoppedAt: '2026-01-15T22:43:10+08:00' }),
      aClock({ key: 'accept', state: 'breached', stoppedAt: '2026-01-15T22:59:00+08:00' }),
      aClock({ key: 'assign', state: 'cancelled' }),
      aClock({ key: 'repair_leak', state: 'pending' }),
      aClock({ key: 'contact_promptly', severity: 'grey' }),
    ]
    expect(nextClock({ clocks })).toBeUndefined()
  })

  it('stays while it is overdue and not stopped', () => {
    expect(nextClock({ clocks: [aClock({ state: 'breached' })] })?.clock.key).toBe('arrive')
  })

  it('moves with an extension that is in force', () => {
    const extendedDueAt = '2026-01-16T05:00:00+08:00'
    expect(nextClock({ clocks: [aClock({ extendedDueAt })] })?.dueMs).toBe(Date.parse(extendedDueAt))
  })

  it('is the red one of two that run out together', () => {
    const paperwork = aClock({ key: 'close_level', severity: 'amber' })
    expect(nextClock({ clocks: [paperwork, aClock({ key: 'repair_cover' })] })?.clock.key).toBe(
      'repair_cover',
    )
  })
})

describe('the bar of a limit', () => {
  it.each([
    [0, 'calm'],
    [49, 'calm'],
    [50, 'half'],
    [79, 'half'],
    [80, 'late'],
    [100, 'late'],
    [101, 'over'],
  ] as const)('at %i %% is %s', (percent, step) => {
    expect(urgency(0, 100, percent).step).toBe(step)
  })

  it('is full for a limit without length', () => {
    expect(urgency(100, 100, 100).fraction).toBe(1)
  })
})

describe('the list', () => {
  it('puts what nobody has acknowledged on top, highest level first', () => {
    const leak = aTicket({ id: 't2', incidentId: 'i2', level: 'first', kind: 'primary_leak' })
    const list = dueList(
      [leak, aTicket({ incidentId: 'i1' })],
      incidents(anIncident(), anIncident({ id: 'i2' })),
      NOW,
    )
    expect(list.unacknowledged.map((row) => row.ticket.id)).toEqual(['t1', 't2'])
  })

  describe('of what is acknowledged', () => {
    const at = (dueAt: string) => [aClock({ dueAt: `2026-01-15T${dueAt}:00+08:00` })]
    const order = (...tickets: readonly TicketView[]) => {
      const shuffled = tickets.toSorted((a, b) => b.id.localeCompare(a.id))
      return dueList(shuffled, incidents(anIncident(seen)), NOW).due.map((row) => row.ticket.id)
    }
    const due = (id: string, level: Level, dueAt?: string) =>
      aTicket({ id, number: id, level, incidentId: 'i1', clocks: dueAt === undefined ? [] : at(dueAt) })

    it('is overdue emergencies by level and time, emergencies by time left, the lower levels in the same way', () => {
      const meant = [
        due('special, an hour over', 'special', '22:06'),
        due('special, a minute over', 'special', '23:05'),
        due('first, two hours over', 'first', '21:06'),
        due('first, ten minutes left', 'first', '23:16'),
        due('special, twenty minutes left', 'special', '23:26'),
        due('special, without a limit', 'special'),
        due('third, three hours over', 'third', '20:06'),
        due('second, two hours over', 'second', '21:06'),
        due('third, a minute left', 'third', '23:07'),
        due('second, without a limit', 'second'),
        due('third, without a limit', 'third'),
      ]
      expect(order(...meant)).toEqual(meant.map(({ id }) => id))
    })

    it('puts no question about a bill above an open manhole, however late it is', () => {
      const consult = due('consult', 'third', '08:00')
      expect(order(consult, due('cover', 'special', '23:59'))).toEqual(['cover', 'consult'])
    })

    it('counts a limit as kept in its last second', () => {
      const last = aTicket({
        id: 'b',
        number: 'b',
        incidentId: 'i1',
        clocks: [aClock({ dueAt: '2026-01-15T23:06:24+08:00' })],
      })
      expect(order(last, due('a', 'first', '23:00'))).toEqual(['a', 'b'])
    })
  })

  describe('of what a crew has reported done', () => {
    const finding = { id: 'm', type: 'finding', joinedAt: '', why: { zh: '', en: '' } } as const
    const active = anIncident({ ...seen, members: [finding] })
    const places = (ticket: TicketView, incident: IncidentView) => {
      const { due, closing, unacknowledged } = dueList([ticket], incidents(incident), NOW)
      return { due: due.length, closing: closing.length, unacknowledged: unacknowledged.length }
    }
    const done = aTicket({ incidentId: 'i1', state: 'submitted', clocks: [] })

    it('keeps among the work what a sensor still says is wrong', () => {
      expect(places(done, active)).toEqual({ due: 1, closing: 0, unacknowledged: 0 })
      expect(places(done, { ...active, state: 'cleared' })).toEqual({ due: 0, closing: 1, unacknowledged: 0 })
      // Callers were joined to it, so the incident stays confirmed when its sensor clears.
      const cleared = { ...finding, clearedAt: '2026-01-15T23:00:00+08:00' }
      expect(places(done, { ...active, members: [cleared] }).closing).toBe(1)
    })

    it('lets it go when the review is over', () => {
      expect(places({ ...done, state: 'callback_due' }, active).closing).toBe(1)
      expect(places({ ...done, state: 'archived' }, active)).toEqual({
        due: 0,
        closing: 0,
        unacknowledged: 0,
      })
    })

    it('asks no sensor where a caller alone has seen it', () => {
      const call = { ...finding, type: 'call' } as const
      const phoned = { ...done, source: 'phone' } as const
      expect(places(phoned, { ...active, members: [call] }).closing).toBe(1)
    })
  })

  it('keeps work that waits for review or call-back apart, and ended tickets out', () => {
    const list = dueList(
      [
        aTicket({ id: 'a', state: 'submitted' }),
        aTicket({ id: 'b', state: 'callback_due' }),
        aTicket({ id: 'c', state: 'archived' }),
        aTicket({ id: 'd', state: 'merged' }),
      ],
      new Map(),
      NOW,
    )
    expect(list.closing.map((row) => row.ticket.id)).toEqual(['a', 'b'])
    expect(list.due).toEqual([])
  })

  it('hides a shelved alarm only until its time', () => {
    const shelved = anIncident({ shelvedUntil: '2026-01-15T23:30:00+08:00' })
    const tickets = [aTicket({ incidentId: 'i1' })]
    expect(dueList(tickets, incidents(shelved), NOW).shelved).toHaveLength(1)
    expect(dueList(tickets, incidents(shelved), NOW + 3_600_000).unacknowledged).toHaveLength(1)
  })

  it('knows a joined incident from a sensor’s and a caller’s own', () => {
    const finding = { id: 'm', type: 'finding', joinedAt: '', why: { zh: '', en: '' } } as const
    const phoned = aTicket({ source: 'phone' })
    expect(originOf(aTicket(), anIncident({ members: [finding] }))).toBe('sensor')
    expect(originOf(phoned, undefined)).toBe('call')
    const call: CallView = {
      id: 'c',
      kind: 'cover',
      contact: 'help',
      source: 'phone',
      address: 'x',
      callerPhone: '1',
      receivedAt: '',
      enteredAt: '',
      hot: false,
      firstResponder: { id: 'o', name: 'o' },
    }
    expect(originOf(aTicket({ calls: [call] }), anIncident({ members: [finding] }))).toBe('joined')
  })
})
