import { describe, expect, it } from 'vitest'
import type { DutySpan } from '#contract/duty-timeline.ts'
import { changeBody, type ChangeDraft } from '../../web/src/features/duty/change-body.ts'
import {
  aShift,
  draftOf,
  freshId,
  planOf,
  readRosters,
  renamedMember,
  withoutMember,
} from '../../web/src/features/duty/plan-draft.ts'
import { dayTicks, timelineRows } from '../../web/src/features/duty/timeline-bars.ts'
import { aPlan } from '../domain/duty/book.ts'

const at = (text: string): number => Date.parse(`${text}+08:00`)
const NOW = at('2026-01-15T12:00:00')
const DAY = { from: at('2026-01-15T00:00:00'), to: at('2026-01-16T00:00:00') }

function aSpan(change: Partial<DutySpan> = {}): DutySpan {
  return {
    departmentId: 'network-ops',
    groupId: 'crew',
    groupName: '抢修组',
    rung: 'crew',
    needed: 1,
    from: '2026-01-15T00:00:00+08:00',
    to: '2026-01-15T12:00:00+08:00',
    on: [{ memberId: 'a', name: '甲', kind: 'shift', id: 'rota' }],
    ...change,
  }
}

describe('the timeline of duty', () => {
  it('draws a bar a span, as long as it lasts, and tells who lacks and who stands in', () => {
    const [row] = timelineRows(
      [
        aSpan(),
        aSpan({ from: '2026-01-15T12:00:00+08:00', to: '2026-01-15T18:00:00+08:00', on: [] }),
        aSpan({
          from: '2026-01-15T18:00:00+08:00',
          to: '2026-01-16T00:00:00+08:00',
          on: [{ memberId: 'd', name: '丁', kind: 'override', id: 'o1', insteadOf: 'a' }],
        }),
      ],
      DAY,
      NOW,
    )
    expect(row?.bars.map(({ left, width, lacks, changed }) => [left, width, lacks, changed])).toEqual([
      [0, 50, false, false],
      [50, 25, true, false],
      [75, 25, false, true],
    ])
  })

  it('forgets the group that was owed until a roster came', () => {
    const owed = aSpan({ groupId: 'none', on: [] })
    expect(timelineRows([owed], DAY, NOW)).toEqual([])
    expect(timelineRows([owed], DAY, NOW - 1)).toHaveLength(1)
  })

  it('leaves a hole where nobody is needed, and marks the midnights within', () => {
    const [row] = timelineRows([aSpan({ needed: 0, on: [] })], DAY, NOW)
    expect(row?.bars).toEqual([])
    expect(dayTicks({ from: DAY.from, to: at('2026-01-17T12:00:00') })).toEqual([
      at('2026-01-16T00:00:00'),
      at('2026-01-17T00:00:00'),
    ])
  })
})

describe('a roster that is edited', () => {
  const plan = draftOf('network-ops', aPlan())

  it('leaves behind what the server adds', () => {
    expect(Object.keys(plan).sort()).toEqual(['contactId', 'departmentId', 'groups', 'members', 'shifts'])
  })

  it('loses a person everywhere at once, and renames one everywhere', () => {
    const without = withoutMember(plan, 'a')
    expect(without.contactId).toBeUndefined()
    expect(JSON.stringify(without)).not.toContain('"a"')
    expect(renamedMember(plan, 'a', 'li').shifts).toMatchObject([{ teams: [['li'], ['b'], ['c']] }])
    expect(renamedMember(plan, 'a', 'li').contactId).toBe('li')
  })

  it('gives new things ids that are free, and sends no empty team', () => {
    expect(freshId('shift', [{ id: 'shift-1' }])).toBe('shift-2')
    const drafted = { ...plan, shifts: [aShift(plan, 'crew', 'rotation', '2026-01-15')] }
    expect(planOf(drafted).shifts).toMatchObject([{ teams: [[]] }])
    const half = {
      ...plan,
      shifts: [{ ...aShift(plan, 'crew', 'rotation', '2026-01-15'), teams: [['a'], []] }],
    }
    expect(planOf(half as typeof plan).shifts).toMatchObject([{ teams: [['a']] }])
  })

  it('keeps who answers for a unit without the system', () => {
    const apart = draftOf('network-ops', aPlan({ connected: false, responsibleId: 'b' }))
    expect(renamedMember(apart, 'b', 'li').responsibleId).toBe('li')
    expect(withoutMember(apart, 'b')).not.toHaveProperty('responsibleId')
    expect(withoutMember(apart, 'b').connected).toBe(false)
  })

  it('comes from a file of rosters', () => {
    const file = { format: 'wellwatch-rosters-1', plans: [plan] }
    expect(readRosters(JSON.stringify(file))).toEqual(file)
    for (const odd of ['{', 'null', '[]', '{"plans":1}']) expect(readRosters(odd)).toBeUndefined()
  })
})

describe('a change of duty', () => {
  const draft: ChangeDraft = {
    change: 'replace',
    departmentId: 'network-ops',
    groupId: 'crew',
    off: 'a',
    on: 'd',
    from: '20:00',
    to: '08:00',
    otherFrom: '01-16 20:00',
    otherTo: '01-17 08:00',
    parts: [],
    reason: ' ',
  }
  const NIGHT = { from: '2026-01-15T20:00:00+08:00', to: '2026-01-16T08:00:00+08:00' }

  it('reads the night from two bare times', () => {
    expect(changeBody(draft, NOW)).toEqual({
      kind: 'override',
      departmentId: 'network-ops',
      groupId: 'crew',
      ...NIGHT,
      remove: 'a',
      add: 'd',
    })
    expect(changeBody({ ...draft, change: 'add' }, NOW)).not.toHaveProperty('remove')
    expect(changeBody({ ...draft, change: 'remove', on: '' }, NOW)).not.toHaveProperty('add')
  })

  it('swaps two turns, and schedules parts', () => {
    expect(changeBody({ ...draft, change: 'swap' }, NOW)).toMatchObject({
      kind: 'swap',
      first: { memberId: 'a', ...NIGHT },
      second: { memberId: 'd', from: '2026-01-16T20:00:00+08:00', to: '2026-01-17T08:00:00+08:00' },
    })
    const parts = [{ memberId: 'b', from: '20:00', to: '23:00' }]
    expect(changeBody({ ...draft, change: 'temporary', parts }, NOW)).toMatchObject({
      parts: [{ memberId: 'b', from: NIGHT.from, to: '2026-01-15T23:00:00+08:00' }],
    })
  })

  it.each([
    { on: '' },
    { from: '' },
    { to: 'tomorrow' },
    { groupId: '' },
    { change: 'swap', on: 'a' },
    { change: 'temporary', parts: [{ memberId: '', from: '20:00', to: '23:00' }] },
  ] as const)('is not ready: %j', (missing) => {
    expect(changeBody({ ...draft, ...missing }, NOW)).toBeUndefined()
  })
})
