import { describe, expect, it } from 'vitest'
import type { OnDutyView } from '#contract/duty.ts'
import { departmentsOnDuty } from '../../web/src/model/departments-on-duty.ts'
import { rowOf } from '../../web/src/model/due-list.ts'
import { placeLines } from '../../web/src/model/place-name.ts'
import { sparkline } from '../../web/src/features/overview/sparkline.ts'
import { tally } from '../../web/src/model/tally.ts'
import { aClock, aTicket } from './samples.ts'

const NOW = Date.parse('2026-01-15T23:06:24+08:00')
const due = (dueAt: string) => rowOf(aTicket({ clocks: [aClock({ dueAt })] }), new Map())

describe('the list in figures', () => {
  it('tells what is late from what runs out within the hour and what comes later', () => {
    const rows = [
      due('2026-01-15T23:00:00+08:00'),
      due('2026-01-15T23:06:24+08:00'),
      due('2026-01-16T00:06:23+08:00'),
      due('2026-01-16T00:06:24+08:00'),
      rowOf(aTicket({ clocks: [] }), new Map()),
    ]
    expect(tally(rows, NOW)).toEqual({ unacknowledged: 0, overdue: 1, withinHour: 2, open: 5 })
  })
})

describe('whom to ring first', () => {
  it('is the first of each department as listed', () => {
    const person = (departmentId: string, memberId: string) => ({ departmentId, memberId }) as OnDutyView
    const all = [person('a', 'crew'), person('a', 'head'), person('b', 'lead')]
    expect(departmentsOnDuty(all).map(({ memberId }) => memberId)).toEqual(['crew', 'lead'])
  })
})

describe('where a ticket is, in two lines', () => {
  const names = {
    name: (id: string) => id.toUpperCase(),
    near: (name: string) => `${name} 一带`,
    address: (id: string) => (id === 'j-1' ? '滨河路1号' : undefined),
  }
  const lines = (known: object, incident?: Parameters<typeof placeLines>[1]) =>
    placeLines({ number: 'W-0117', ...known }, incident, names)
  it('has the facility above and its street below', () => {
    expect(lines({ assetId: 'j-1' })).toEqual({ name: 'J-1', address: '滨河路1号' })
    expect(lines({ assetId: 'j-1', address: '路口' }).address).toBe('路口')
  })
  it('has only the street of a caller, and the neighbourhood of what is likeliest', () => {
    expect(lines({ address: '幸福里7栋' })).toEqual({ address: '幸福里7栋' })
    const location = { located: false, radiusM: 100, candidates: [{ assetId: 'j-1', share: 0.4 }] }
    const incident = { location } as unknown as Parameters<typeof placeLines>[1]
    expect(lines({}, incident)).toEqual({ name: 'J-1 一带', address: '滨河路1号' })
  })
  it('has the number of the ticket where nobody knows a place', () => {
    expect(lines({})).toEqual({ name: 'W-0117' })
  })
})

describe('a course without axes', () => {
  const box = { width: 1000, height: 100 }
  it('needs two instants', () => {
    expect(sparkline([], box)).toBeUndefined()
    expect(sparkline([[5, 1]], box)).toBeUndefined()
  })
  it('spans the box in time and keeps noise low', () => {
    const noisy = sparkline(
      [
        [0, 20],
        [10, 20.1],
      ],
      box,
    )
    expect(noisy?.line).toMatch(/^M0\.0 .*L1000\.0 /)
    const [low, high] = (noisy?.line.match(/ ([\d.]+)/g) ?? []).map(Number)
    expect(Math.abs((low ?? 0) - (high ?? 0))).toBeLessThan(10)
    expect(noisy).toMatchObject({ low: 20, high: 20.1 })
  })
})
