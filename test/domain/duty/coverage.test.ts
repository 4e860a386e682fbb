import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { DutyShift } from '../../../server/contract/duty.ts'
import type { DutyBook, Exception } from '../../../server/domain/duty/book.ts'
import { swap } from '../../../server/domain/duty/exceptions.ts'
import { gaps } from '../../../server/domain/duty/gaps.ts'
import { loads } from '../../../server/domain/duty/load.ts'
import { onDuty } from '../../../server/domain/duty/on-duty.ts'
import { seasonAt, defaultDutySettings, neededAt } from '../../../server/domain/duty/season.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import { nextChange, walk } from '../../../server/domain/duty/timeline.ts'
import { isRefusal } from '../../../server/contract/problem.ts'
import { DAY, HOUR, MINUTE } from '../../../server/domain/instant.ts'
import { aBook, anOverride, aPlan, at, BY, CREW, OPS, ROTATION } from './book.ts'

const IDS = ['a', 'b', 'c', 'd'] as const
const START = at('2027-10-01T00:00:00')
/** From before one season to after the next, over New Year and 29 February 2028. */
const instants = fc.integer({ min: 0, max: 600 * 24 * 60 }).map((minutes) => START + minutes * MINUTE)
const clocks = fc.integer({ min: 0, max: 47 }).map((half) => {
  return `${String(Math.floor(half / 2)).padStart(2, '0')}:${half % 2 === 0 ? '00' : '30'}`
})
const members = fc.uniqueArray(fc.constantFrom(...IDS), { maxLength: 3 })
const rotations = fc
  .record({
    turnHours: fc.integer({ min: 1, max: 100 }),
    handoverAt: clocks,
    teams: fc.array(members, { minLength: 1, maxLength: 5 }),
    season: fc.constantFrom('in', 'out', 'all'),
  })
  .map((each): DutyShift => ({ ...ROTATION, kind: 'rotation', firstDay: '2027-09-01', ...each }))
const fixed = fc
  .record({
    days: fc.oneof(
      fc.constantFrom('all' as const, 'working' as const, 'off' as const),
      fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
    ),
    from: clocks,
    to: clocks,
    memberIds: members,
    season: fc.constantFrom('in', 'out', 'all'),
  })
  .map((each): DutyShift => ({ kind: 'fixed', id: 'fixed', groupId: 'crew', ...each }))
const exceptions = fc
  .record({
    start: fc.integer({ min: 0, max: 60 * 24 }),
    length: fc.integer({ min: 1, max: 72 }),
    remove: fc.option(fc.constantFrom(...IDS), { nil: undefined }),
    add: fc.option(fc.constantFrom(...IDS), { nil: undefined }),
    isTemporary: fc.boolean(),
  })
  .map(({ start, length, remove, add, isTemporary }): Exception => {
    const [from, to] = [START + start * HOUR, START + (start + length) * HOUR]
    const base = { id: `x${String(start)}`, departmentId: 'network-ops', groupId: 'crew', from, to }
    if (isTemporary) {
      const parts = add === undefined ? [] : [{ memberId: add, from, to: from + (to - from) / 2 }]
      return { ...base, kind: 'temporary', enteredAt: 0, by: BY, parts }
    }
    const who = { ...(remove === undefined ? {} : { remove }), ...(add === undefined ? {} : { add }) }
    return anOverride({ ...base, ...who })
  })
const books = fc
  .record({
    shifts: fc.array(fc.oneof(rotations, fixed), { maxLength: 3 }),
    exceptions: fc.array(exceptions, { maxLength: 5 }),
    needed: fc.integer({ min: 0, max: 3 }),
    hours: fc.constantFrom('season' as const, 'always' as const),
  })
  .map(({ shifts, exceptions: some, needed, hours }) =>
    aBook([aPlan({ shifts, groups: [{ ...CREW, needed, hours }] })], some),
  )
const stretches = fc
  .record({ from: instants, hours: fc.integer({ min: 1, max: 24 * 40 }) })
  .map(({ from, hours }) => ({ from, to: from + hours * HOUR }))

function present(book: DutyBook, when: number): readonly string[] {
  return onDuty(book, { ...OPS, rung: 'crew' }, when)
    .filter(({ why }) => why.kind !== 'contact')
    .map(({ member }) => member.id)
}

describe('coverage', () => {
  it('has at every instant of a rotation exactly one team on duty, by its turn in the row', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 744 }),
        fc.integer({ min: 1, max: 4 }),
        clocks,
        instants,
        (turnHours, size, handoverAt, when) => {
          const teams = IDS.slice(0, size).map((id) => [id])
          const rota = {
            ...ROTATION,
            kind: 'rotation',
            firstDay: '2027-09-01',
            turnHours,
            handoverAt,
            teams,
          } as DutyShift
          const book = aBook([aPlan({ shifts: [rota] })])
          const first = at(`2027-09-01T${handoverAt}:00`)
          const turn = Math.floor((when - first) / (turnHours * HOUR))
          expect(present(book, when)).toEqual([IDS[turn % size]])
        },
      ),
    )
  })

  it('never changes inside a stretch of the walk, which knows every edge', () => {
    fc.assert(
      fc.property(books, stretches, fc.double({ min: 0, max: 1, noNaN: true }), (book, stretch, share) => {
        for (const { group, from, to, needed, on } of walk(book, 'network-ops', stretch)) {
          const inside = Math.min(to - 1, Math.floor(from + share * (to - from)))
          expect(present(book, inside)).toEqual(on.map(({ member }) => member.id))
          expect(neededAt(book, group, inside)).toBe(needed)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('shows as gaps exactly the instants at which fewer are on duty than needed', () => {
    fc.assert(
      fc.property(
        books,
        stretches,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (book, stretch, share) => {
          const when = Math.floor(stretch.from + share * (stretch.to - stretch.from))
          const group = book.plans[0]?.groups[0] ?? CREW
          const isShort = present(book, when).length < neededAt(book, group, when)
          const found = gaps(book, ['network-ops'], stretch).gaps
          expect(found.some(({ from, to }) => from <= when && when < to)).toBe(isShort)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('splits every needed hour into covered and missing, and gaps tell the missing ones', () => {
    fc.assert(
      fc.property(books, stretches, (book, stretch) => {
        const found = gaps(book, ['network-ops'], stretch)
        const missing = found.gaps.reduce(
          (sum, { from, to, needed, present: there }) => sum + ((to - from) / HOUR) * (needed - there),
          0,
        )
        expect(found.missingHours).toBeCloseTo(missing, 6)
        expect(found.coveredHours + found.missingHours).toBeCloseTo(found.neededHours, 6)
        for (const { from, to } of found.gaps) {
          expect(from).toBeGreaterThanOrEqual(stretch.from)
          expect(to).toBeLessThanOrEqual(stretch.to)
          expect(to).toBeGreaterThan(from)
        }
      }),
      { numRuns: 60 },
    )
  })

  it('leaves everything as it is until the next change, and differs then', () => {
    fc.assert(
      fc.property(books, instants, fc.double({ min: 0, max: 1, noNaN: true }), (book, when, share) => {
        const next = nextChange(book, when)
        const until = next ?? when + 30 * DAY
        const inside = Math.min(until - 1, Math.floor(when + share * (until - when)))
        expect(present(book, inside)).toEqual(present(book, when))
      }),
      { numRuns: 40 },
    )
  })

  it('is whole in a season with a rotation, and empty of a unit without one', () => {
    const season = { from: at('2027-10-15T00:00:00'), to: at('2028-04-16T00:00:00') }
    const found = gaps(aBook(), ['network-ops', 'area-1'], season)
    expect(found.gaps.map(({ departmentId, from, to }) => [departmentId, from, to])).toEqual([
      ['area-1', season.from, season.to],
    ])
    // 184 days: a leap year's season.
    expect(found.missingHours).toBe(184 * 24)
  })

  it('asks only for working hours outside the season', () => {
    const week = { from: at('2026-06-01T00:00:00'), to: at('2026-06-08T00:00:00') }
    const found = gaps(aBook([aPlan({ shifts: [] })]), ['network-ops'], week)
    expect(found.gaps).toHaveLength(5)
    expect(found.missingHours).toBe(5 * 9)
  })
})

describe('a swap', () => {
  const turns = fc.integer({ min: 1, max: 200 })
  const stamp = { ids: ['s1', 's2'] as const, at: at('2025-10-01T08:00:00'), by: BY }

  it('leaves as many on duty at every instant, and both with the hours they had', () => {
    fc.assert(
      fc.property(turns, turns, (first, second) => {
        fc.pre(first % 3 !== second % 3)
        const book = aBook()
        const turn = (n: number) => {
          const from = at('2025-10-01T08:00:00') + n * 12 * HOUR
          return { memberId: IDS[n % 3] ?? 'a', from, to: from + 12 * HOUR }
        }
        const asked = { ...OPS, groupId: 'crew', first: turn(first), second: turn(second) }
        const halves = swap(book, asked, stamp)
        if (isRefusal(halves)) throw new Error(halves.detail)
        const after = { ...book, exceptions: halves }
        const span = { from: stamp.at, to: stamp.at + 120 * DAY }
        const hours = (of: DutyBook) =>
          Object.fromEntries(loads(of, ['network-ops'], span).map((load) => [load.member.id, load.hours]))
        expect(hours(after)).toEqual(hours(book))
        for (const { on } of walk(after, 'network-ops', span)) expect(on).toHaveLength(1)
        expect(present(after, asked.first.from)).toEqual([asked.second.memberId])
        expect(present(after, asked.second.from)).toEqual([asked.first.memberId])
      }),
      { numRuns: 40 },
    )
  })

  it('is refused where one is not on duty for all of his stretch', () => {
    const from = at('2026-01-15T08:00:00')
    const book = aBook()
    const [holder = ''] = present(book, from)
    const [next = ''] = present(book, from + 12 * HOUR)
    const asked = {
      ...OPS,
      groupId: 'crew',
      first: { memberId: holder, from, to: from + 13 * HOUR },
      second: { memberId: next, from: from + 14 * HOUR, to: from + 24 * HOUR },
    }
    expect(swap(book, asked, stamp)).toMatchObject({ code: 'bad-value', clause: 'roster' })
  })
})

describe('load', () => {
  it('flags one who has no rest, too heavy a week and two groups at once, but never a post', () => {
    const groups = [CREW, { ...CREW, id: 'second' }]
    const shifts = groups.map(({ id }) => ({ ...ROTATION, id: `r-${id}`, groupId: id, teams: [['a']] }))
    const span = { from: at('2026-01-01T00:00:00'), to: at('2026-01-11T00:00:00') }
    const [load] = loads(aBook([aPlan({ groups, shifts })]), ['network-ops'], span)
    expect(load).toMatchObject({ hours: 240, longestHours: 240, weekHours: 168 })
    expect(load?.overload).toEqual(['no_rest', 'week', 'two_groups'])
    const posts = aPlan().members.map((member) => ({ ...member, isPost: true }))
    const [post] = loads(aBook([aPlan({ groups, shifts, members: posts })]), ['network-ops'], span)
    expect(post?.overload).toEqual([])
  })

  it('finds a fair rotation of twelve hours in order', () => {
    const span = { from: at('2026-01-01T08:00:00'), to: at('2026-01-31T08:00:00') }
    const found = loads(aBook(), ['network-ops'], span)
    expect(found.map(({ hours, overload }) => [hours, overload])).toEqual([
      [240, []],
      [240, []],
      [240, []],
    ])
  })
})

describe('seasons', () => {
  it('are set by city and year, and default to 15 October – 15 April', () => {
    const settings = {
      ...defaultDutySettings(WUDA),
      seasons: { wuda: { '2026': { from: '2026-10-01', to: '2027-05-01' } }, other: {} },
    }
    expect(seasonAt(settings, at('2026-10-01T00:00:00'))).toEqual({
      inSeason: true,
      from: at('2026-10-01T00:00:00'),
      to: at('2027-05-02T00:00:00'),
    })
    expect(seasonAt(settings, at('2026-09-30T23:59:59')).inSeason).toBe(false)
    expect(seasonAt({ ...settings, city: 'other' }, at('2026-10-14T23:59:59')).inSeason).toBe(false)
    expect(seasonAt(settings, at('2027-06-01T00:00:00'))).toMatchObject({
      inSeason: false,
      from: at('2027-10-15T00:00:00'),
    })
  })
})
