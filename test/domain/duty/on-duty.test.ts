import { describe, expect, it } from 'vitest'
import type { DutyShift } from '../../../server/contract/duty.ts'
import type { DutyBook } from '../../../server/domain/duty/book.ts'
import { isRostered, onDuty } from '../../../server/domain/duty/on-duty.ts'
import { nextChange } from '../../../server/domain/duty/timeline.ts'
import { aBook, anOverride, aPlan, aTemporary, at, CREW, OPS, ROTATION } from './book.ts'

function names(book: DutyBook, when: string): string[] {
  return onDuty(book, OPS, at(when)).map(({ member }) => member.id)
}

describe('who is on duty', () => {
  it('is the team whose turn it is, from handover to handover, with the shift as the reason', () => {
    const [one, ...more] = onDuty(aBook(), OPS, at('2026-01-15T08:00:00'))
    expect(more).toEqual([])
    expect(one?.why).toEqual({
      kind: 'shift',
      id: 'rota',
      from: at('2026-01-15T08:00:00'),
      to: at('2026-01-15T20:00:00'),
    })
    expect(names(aBook(), '2025-10-01T08:00:00')).toEqual(['a'])
    expect(names(aBook(), '2025-10-01T19:59:59')).toEqual(['a'])
    expect(names(aBook(), '2025-10-01T20:00:00')).toEqual(['b'])
    expect(names(aBook(), '2025-10-02T08:00:00')).toEqual(['c'])
    expect(names(aBook(), '2025-10-02T20:00:00')).toEqual(['a'])
  })

  it('keeps its rhythm over the end of the year and over a leap day', () => {
    const rota = { ...ROTATION, firstDay: '2027-12-30', turnHours: 24 }
    const book = aBook([aPlan({ shifts: [rota] })])
    expect(names(book, '2027-12-31T09:00:00')).toEqual(['b'])
    expect(names(book, '2028-01-01T07:59:59')).toEqual(['b'])
    expect(names(book, '2028-01-01T08:00:00')).toEqual(['c'])
    // 61 days after the first turn: 29 February 2028 is a day like any other.
    expect(names(book, '2028-02-29T12:00:00')).toEqual(['b'])
    expect(names(book, '2028-03-01T12:00:00')).toEqual(['c'])
  })

  it('runs a night shift of Friday into Saturday', () => {
    const night: DutyShift = {
      kind: 'fixed',
      id: 'night',
      groupId: 'crew',
      season: 'all',
      days: [5],
      from: '20:00',
      to: '08:00',
      memberIds: ['d'],
    }
    const book = aBook([aPlan({ shifts: [night] })])
    expect(names(book, '2026-01-16T20:00:00')).toEqual(['d'])
    expect(names(book, '2026-01-17T07:59:59')).toEqual(['d'])
    expect(names(book, '2026-01-17T08:00:00')).toEqual([])
    expect(names(book, '2026-01-17T20:00:00')).toEqual([])
  })

  it('counts make-up working days as working and holidays as off', () => {
    const day: DutyShift = {
      kind: 'fixed',
      id: 'day',
      groupId: 'crew',
      season: 'all',
      days: 'working',
      from: '08:30',
      to: '17:30',
      memberIds: ['d'],
    }
    const book = aBook([aPlan({ shifts: [day] })])
    expect(names(book, '2026-02-14T09:00:00')).toEqual(['d'])
    expect(names(book, '2026-02-16T09:00:00')).toEqual([])
  })

  it('lets a shift of the season hold from 15 October to 15 April', () => {
    const book = aBook([aPlan({ contactId: 'd', shifts: [{ ...ROTATION, season: 'in', teams: [['a']] }] })])
    expect(names(book, '2025-10-14T23:59:59')).toEqual(['d'])
    expect(names(book, '2025-10-15T00:00:00')).toEqual(['a'])
    expect(names(book, '2026-04-15T23:59:59')).toEqual(['a'])
    expect(names(book, '2026-04-16T00:00:00')).toEqual(['d'])
  })

  it('answers a summer night by the contact, who is not on duty at the other rungs', () => {
    const book = aBook([aPlan({ shifts: [] })])
    const [one] = onDuty(book, { ...OPS, rung: 'crew' }, at('2026-07-01T03:00:00'))
    expect([one?.member.id, one?.why.kind]).toEqual(['a', 'contact'])
    expect(onDuty(book, { ...OPS, rung: 'deputy' }, at('2026-07-01T03:00:00'))).toEqual([])
    expect(onDuty(book, { ...OPS, rung: 'crew' }, at('2026-07-01T10:00:00'))).toEqual([])
  })
})

describe('precedence', () => {
  const book = (...exceptions: Parameters<typeof anOverride>[0][]) =>
    aBook([aPlan()], exceptions.map(anOverride))
  const noon = '2026-01-15T12:00:00'
  const holder = names(aBook(), noon)[0] ?? ''
  const others = ['a', 'b', 'c'].filter((id) => id !== holder)

  it('puts an override before the rule, and names whom it replaces', () => {
    const [one] = onDuty(book({ remove: holder, add: 'd' }), OPS, at(noon))
    expect(one?.member.id).toBe('d')
    expect(one?.why).toMatchObject({ kind: 'override', id: 'o1', insteadOf: holder })
  })

  it('lets nobody come in the place of one who is not on duty', () => {
    expect(names(book({ remove: others[0] ?? '', add: 'd' }), noon)).toEqual([holder])
  })

  it('applies overrides in the order in which they were entered', () => {
    const chain = book(
      { id: 'o1', remove: holder, add: 'd' },
      { id: 'o2', remove: 'd', add: others[0] ?? '' },
    )
    expect(names(chain, noon)).toEqual([others[0]])
  })

  it('ends a cancelled override at its cancellation, and leaves what was', () => {
    const cut = book({ remove: holder, add: 'd', cancelledAt: at('2026-01-15T13:00:00') })
    expect(names(cut, noon)).toEqual(['d'])
    expect(names(cut, '2026-01-15T13:00:00')).toEqual([holder])
  })

  it('puts a temporary schedule before overrides and rule, also where it leaves nobody', () => {
    const temporary = aTemporary({
      parts: [{ memberId: 'd', from: at('2026-01-15T08:00:00'), to: at('2026-01-15T13:00:00') }],
    })
    const both = aBook([aPlan()], [anOverride({ remove: holder, add: others[0] ?? '' }), temporary])
    expect(names(both, noon)).toEqual(['d'])
    expect(names(both, '2026-01-15T14:00:00')).toEqual([])
    expect(names(both, '2026-01-16T08:00:00')).not.toEqual([])
  })

  it('puts history before everything: a later roster leaves earlier duty as it was', () => {
    const later = aPlan({
      version: 2,
      since: at('2026-01-15T12:30:00'),
      shifts: [{ ...ROTATION, teams: [['d']] }],
    })
    const versions = aBook([aPlan(), later])
    expect(names(versions, noon)).toEqual([holder])
    expect(names(versions, '2026-01-15T12:30:00')).toEqual(['d'])
  })

  it('lets the later word win over a roster that was announced for later', () => {
    const announced = aPlan({ version: 2, since: at('2026-02-01T00:00:00'), shifts: [] })
    const meanwhile = aPlan({
      version: 3,
      since: at('2026-01-20T00:00:00'),
      shifts: [{ ...ROTATION, teams: [['d']] }],
    })
    expect(names(aBook([aPlan(), announced, meanwhile]), '2026-02-02T12:00:00')).toEqual(['d'])
  })

  it('counts one who has left the roster as absent', () => {
    const plan = aPlan({ members: aPlan().members.filter(({ id }) => id !== holder) })
    expect(names(aBook([plan]), noon)).toEqual([])
  })
})

describe('areas and rungs', () => {
  it('finds the group of an area, and the groups that cover all of it', () => {
    const groups = [
      { ...CREW, id: 'east', areaIds: ['area-east'] },
      { ...CREW, id: 'west', areaIds: ['area-west'] },
      { ...CREW, id: 'all' },
    ]
    const shifts = groups.map(({ id }, index) => ({
      ...ROTATION,
      id: `rota-${id}`,
      groupId: id,
      teams: [[['a', 'b', 'c'][index] ?? '']],
    }))
    const book = aBook([aPlan({ groups, shifts })])
    const found = onDuty(book, { areaId: 'area-west', rung: 'crew' }, at('2026-01-15T12:00:00'))
    expect(found.map(({ groupId }) => groupId)).toEqual(['west', 'all'])
  })

  it('finds the duty lead of the dispatch centre for every department', () => {
    const lead = aPlan({
      departmentId: 'dispatch',
      groups: [{ ...CREW, id: 'lead', rung: 'duty_lead', hours: 'always' }],
      shifts: [{ ...ROTATION, groupId: 'lead', teams: [['c']] }],
    })
    const found = onDuty(aBook([aPlan(), lead]), { ...OPS, rung: 'duty_lead' }, at('2026-07-01T03:00:00'))
    expect(found.map(({ member }) => member.id)).toEqual(['c'])
  })
})

describe('the next change', () => {
  it('is the next handover', () => {
    expect(nextChange(aBook(), at('2026-01-15T12:00:00'))).toBe(at('2026-01-15T20:00:00'))
    expect(nextChange(aBook(), at('2026-01-15T20:00:00'))).toBe(at('2026-01-16T08:00:00'))
  })

  it('is the start of an override before that', () => {
    const from = at('2026-01-15T15:00:00')
    expect(nextChange(aBook([aPlan()], [anOverride({ add: 'd', from })]), at('2026-01-15T12:00:00'))).toBe(
      from,
    )
  })

  it('jumps over what changes nobody, to the season', () => {
    const alone = aPlan({ shifts: [], contactId: 'a', groups: [{ ...CREW, needed: 0 }] })
    expect(nextChange(aBook([alone]), at('2026-01-15T12:00:00'))).toBe(undefined)
    const summer = aPlan({ shifts: [{ ...ROTATION, season: 'in', teams: [['b']], turnHours: 744 }] })
    const april = at('2026-04-15T12:00:00')
    expect(nextChange(aBook([summer]), april)).toBe(at('2026-04-16T00:00:00'))
  })

  it('does not exist without a roster', () => {
    expect(nextChange(aBook([]), at('2026-01-15T12:00:00'))).toBe(undefined)
  })
})

describe('a unit without the system (R-19)', () => {
  const PLAN = aPlan({ connected: false, responsibleId: 'd' })
  const asked = { departmentId: 'network-ops', rung: 'deputy' } as const
  const when = at('2026-01-15T12:00:00')

  it('is answered for by one named person, at the rung that receives its tickets', () => {
    const [one, ...others] = onDuty(aBook([PLAN]), asked, when)
    expect([one?.member.id, one?.why.kind, others]).toEqual(['d', 'responsible', []])
  })

  it.each([
    ['a rung that the roster fills', aBook([PLAN]), { ...asked, rung: 'crew' }, true],
    ['the one who answers', aBook([PLAN]), asked, true],
    ['a rung of which the roster says nothing', aBook([PLAN]), { ...asked, rung: 'head' }, false],
    ['a department without a roster', aBook([PLAN]), { departmentId: 'area-1', rung: 'crew' }, false],
  ] as const)('%s', (_, book, question, expected) => {
    expect(isRostered(book, question, when)).toBe(expected)
  })
})
