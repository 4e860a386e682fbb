import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRefusal, type Refusal } from '../../../server/contract/problem.ts'
import type { Person } from '../../../server/domain/access/actor.ts'
import { demoRoster } from '../../../server/cli/demo-roster.ts'
import { onDuty } from '../../../server/domain/duty/on-duty.ts'
import { defaultDutySettings, seasonAt, settingsAt } from '../../../server/domain/duty/season.ts'
import {
  addException,
  cancelException,
  ensurePlans,
  replacePlan,
  setDutySettings,
  type ExceptionAsked,
  type RosterServices,
} from '../../../server/flows/duty/change-roster.ts'
import { WUDA } from '../../../server/domain/policy/wuda.ts'
import { createDutyLookup } from '../../../server/flows/duty/duty-lookup.ts'
import { createDutyRoster } from '../../../server/flows/decisions/duty-roster.ts'
import { showGaps } from '../../../server/flows/duty/show-roster.ts'
import { phoneTests, testPhone } from '../../../server/flows/duty/test-phones.ts'
import { MINUTE } from '../../../server/domain/instant.ts'
import { aPlan, CREW, OPS, ROTATION } from '../../domain/duty/book.ts'
import { aDeskWorld, at, PEOPLE, type DeskWorld } from '../../support/desk-world.ts'

let world: DeskWorld
let on: RosterServices
beforeEach(async () => {
  world = await aDeskWorld('12:00:00')
  on = { services: world.services, roster: await createDutyRoster(world.services) }
})
afterEach(() => world.close())

const { departmentId, contactId = 'a', members, groups, shifts } = aPlan()
const PLAN = { departmentId, contactId, members, groups, shifts }
const { officer, otherOfficer, dispatcher, admin, crew } = PEOPLE

async function aRoster(): Promise<void> {
  done(await replacePlan(on, { plan: PLAN, version: 0, actor: officer }))
}

function done<T>(result: T | Refusal): T {
  if (isRefusal(result)) throw new Error(result.detail)
  return result
}

function names(when: string): string[] {
  return onDuty(on.roster.book(), OPS, at(when)).map(({ member }) => member.id)
}

describe('a roster', () => {
  it('is put by the own officer, holds from now on, and outlives a restart', async () => {
    await aRoster()
    expect(names('12:00:00')).toHaveLength(1)
    expect(names('11:59:59')).toEqual([])
    const before = names('23:00:00')
    await world.restart()
    on = { services: world.services, roster: await createDutyRoster(world.services) }
    expect(names('23:00:00')).toEqual(before)
  })

  it('is not changed by others, nor on top of a version that one has not seen', async () => {
    await aRoster()
    const again = { plan: PLAN, version: 0 }
    for (const actor of [otherOfficer, crew]) {
      expect(await replacePlan(on, { ...again, actor })).toMatchObject({ code: 'not-your-right' })
    }
    expect(await replacePlan(on, { ...again, actor: officer })).toMatchObject({ code: 'stale-version' })
    expect(done(await replacePlan(on, { ...again, version: 1, actor: admin })).version).toBe(2)
  })

  it('lets one of two writers of the same version win', async () => {
    const put = () => replacePlan(on, { plan: PLAN, version: 0, actor: dispatcher })
    const both = await Promise.all([put(), put()])
    expect(both.filter((one) => isRefusal(one) && one.code === 'stale-version')).toHaveLength(1)
  })

  it('leaves duty before its beginning as it was', async () => {
    await aRoster()
    const before = names('12:30:00')
    await world.advance(at('13:00:00'))
    const plan = { ...PLAN, shifts: [{ ...ROTATION, teams: [['d']] }] }
    done(await replacePlan(on, { plan, version: 1, actor: officer }))
    expect(names('12:30:00')).toEqual(before)
    expect(names('13:00:00')).toEqual(['d'])
    const past = { plan, version: 2, since: at('12:00:00'), actor: officer }
    expect(await replacePlan(on, past)).toMatchObject({ code: 'bad-time' })
  })

  const withoutContact = { departmentId, members, groups, shifts }
  it.each([
    ['a contact outside the season', withoutContact, 'duty_hours'],
    ['a shift of a group that is not there', { ...PLAN, groups: [{ ...CREW, id: 'x' }] }, undefined],
    ['a person who is not there', { ...PLAN, members: members.slice(1), contactId: 'b' }, undefined],
    ['a person twice', { ...PLAN, members: [...members, ...members.slice(1)] }, undefined],
    ['a date that does not exist', { ...PLAN, shifts: [{ ...ROTATION, firstDay: '2026-02-30' }] }, undefined],
    [
      'the duty lead of another department',
      { ...PLAN, groups: [{ ...CREW, rung: 'duty_lead' as const }] },
      undefined,
    ],
  ])('is refused for %s', async (_what, plan, clause) => {
    const answer = await replacePlan(on, { plan, version: 0, actor: officer })
    expect(answer).toMatchObject({ kind: 'refusal', ...(clause === undefined ? {} : { clause }) })
  })
})

describe('exceptions', () => {
  const replace = (change: Partial<Extract<ExceptionAsked, { kind: 'override' }>> = {}): ExceptionAsked => ({
    kind: 'override',
    ...OPS,
    groupId: 'crew',
    add: 'd',
    from: at('14:00:00'),
    to: at('16:00:00'),
    ...change,
  })
  const add = (asked: ExceptionAsked) => addException(on, { asked, actor: officer })

  it('put another in the place of one on duty, until cancelled', async () => {
    await aRoster()
    const [holder = ''] = names('14:00:00')
    const { items } = done(await add(replace({ remove: holder })))
    expect(names('14:00:00')).toEqual(['d'])
    await world.advance(at('15:00:00'))
    done(await cancelException(on, { id: items[0]?.id ?? '', actor: officer }))
    expect(names('14:59:59')).toEqual(['d'])
    expect(names('15:00:00')).toEqual([holder])
    expect(await cancelException(on, { id: items[0]?.id ?? '', actor: officer })).toMatchObject({
      code: 'wrong-state',
    })
  })

  it('never change the past, nor anything where they would have no effect', async () => {
    await aRoster()
    const [holder = ''] = names('14:00:00')
    const idle = ['a', 'b', 'c'].find((id) => id !== holder) ?? ''
    expect(await add(replace({ from: at('11:00:00') }))).toMatchObject({ code: 'bad-time' })
    expect(await add(replace({ remove: idle }))).toMatchObject({ code: 'bad-value', clause: 'roster' })
    expect(await add(replace({ add: holder }))).toMatchObject({ code: 'bad-value' })
    expect(await add(replace({ add: 'nobody' }))).toMatchObject({ code: 'bad-value' })
  })

  it('are not entered under a temporary schedule, which would hide them', async () => {
    await aRoster()
    const temporary: ExceptionAsked = {
      kind: 'temporary',
      ...OPS,
      groupId: 'crew',
      from: at('13:00:00'),
      to: at('18:00:00'),
      parts: [],
    }
    done(await add(temporary))
    expect(await add(replace())).toMatchObject({ code: 'conflict' })
    expect(await add(temporary)).toMatchObject({ code: 'conflict' })
  })

  it('swap two turns, and end together', async () => {
    await aRoster()
    const [from, night, end] = [
      at('2026-01-16T08:00:00'),
      at('2026-01-16T20:00:00'),
      at('2026-01-17T08:00:00'),
    ]
    const [first = ''] = names('2026-01-16T08:00:00')
    const [second = ''] = names('2026-01-16T20:00:00')
    const { items } = done(
      await add({
        kind: 'swap',
        ...OPS,
        groupId: 'crew',
        first: { memberId: first, from, to: night },
        second: { memberId: second, from: night, to: end },
      }),
    )
    expect([names('2026-01-16T08:00:00'), names('2026-01-16T20:00:00')]).toEqual([[second], [first]])
    done(await cancelException(on, { id: items[1]?.id ?? '', actor: officer }))
    expect([names('2026-01-16T08:00:00'), names('2026-01-16T20:00:00')]).toEqual([[first], [second]])
  })
})

describe('the lookup for notifications', () => {
  it('names person, phone and reason, nobody as an empty list, and phones of people by id', async () => {
    await aRoster()
    const lookup = createDutyLookup(on.roster)
    const [one] = lookup.onDuty('network-ops', 'crew', at('14:00:00'))
    expect(one).toMatchObject({ kind: 'person', roles: ['crew'], departmentId: 'network-ops' })
    expect(one?.phone).toMatch(/^138/)
    expect(one?.why).toMatchObject({ kind: 'shift', id: 'rota' })
    expect(lookup.onDuty('network-ops', 'head', at('14:00:00'))).toEqual([])
    expect(lookup.people(['d', 'x'], at('14:00:00')).map(({ id }) => id)).toEqual(['d'])
  })
})

describe('the rosters of the demo', () => {
  it('cover every department round the clock, and are laid once', async () => {
    const departments = [...world.services.network.current().departments.values()]
    const people = departments.flatMap(({ id }): Person[] => [
      { kind: 'person', id: `officer-${id}`, name: id, roles: ['officer'], departmentId: id },
      { kind: 'person', id: `crew-${id}`, name: id, roles: ['crew'], departmentId: id },
    ])
    const plans = demoRoster(departments, [...people, dispatcher, PEOPLE.service])
    await ensurePlans(on, plans, admin)
    await ensurePlans(on, plans, admin)
    expect(on.roster.book().plans.map(({ version }) => version)).toEqual(departments.map(() => 1))
    const year = { from: at('12:00:00'), to: at('2027-01-15T12:00:00') }
    const shown = await showGaps(on, year)
    expect(shown.gaps).toEqual([])
    expect(shown.loads.flatMap(({ overload }) => overload)).toEqual([])
    const lookup = createDutyLookup(on.roster)
    const names = (['crew', 'deputy', 'head', 'duty_lead', 'service_leader'] as const).map((rung) =>
      lookup.onDuty('area-1', rung, at('2026-07-16T03:00:00')).map(({ id }) => id),
    )
    expect(names).toEqual([
      ['crew-area-1'],
      ['officer-area-1'],
      ['officer-area-1'],
      ['dispatcher'],
      ['service'],
    ])
  })
})

describe('settings', () => {
  it('move the season from now on, by city and year', async () => {
    const settings = {
      ...defaultDutySettings(WUDA),
      seasons: { wuda: { '2026': { from: '2026-09-25', to: '2027-04-30' } } },
    }
    expect(await setDutySettings(on, { settings, version: 0, actor: officer })).toMatchObject({
      code: 'not-your-right',
    })
    done(await setDutySettings(on, { settings, version: 0, actor: dispatcher }))
    const now = settingsAt(on.roster.book(), at('12:00:00'))
    expect(seasonAt(now, at('2026-09-26T00:00:00')).inSeason).toBe(true)
    expect(settingsAt(on.roster.book(), at('11:00:00'))).toEqual(defaultDutySettings(WUDA))
    const wrong = { ...settings, seasons: { wuda: { '2026': { from: '2027-10-01', to: '2028-04-01' } } } }
    expect(await setDutySettings(on, { settings: wrong, version: 1, actor: admin })).toMatchObject({
      code: 'bad-value',
    })
  })
})

describe('coverage', () => {
  it('is shown ahead for every department of the network, with who carries how much', async () => {
    await aRoster()
    const shown = await showGaps(on, { from: at('2026-01-16T08:00:00'), to: at('2026-01-17T08:00:00') })
    expect(shown.gaps.map((gap) => gap.departmentId).toSorted()).toEqual([
      'area-1',
      'dispatch',
      'network-eng',
    ])
    expect(shown.missingHours).toBe(3 * 24)
    expect(shown.loads.map(({ hours }) => hours).reduce((a, b) => a + b)).toBe(24)
  })
})

describe('duty phones', () => {
  const night = at('20:00:00')
  const asked = () => {
    const [memberId = ''] = names('20:00:00')
    return { ...OPS, groupId: 'crew', memberId, turnFrom: night, answered: true }
  }
  const state = async () => {
    const owed = await phoneTests(on, { from: night, to: night + 1 }, ['network-ops'])
    return owed.map((each) => each.state)
  }

  it('are to be tried within the set minutes of a turn; one that was not is shown as missed', async () => {
    await aRoster()
    expect(await state()).toEqual(['waiting'])
    await world.advance(night + 15 * MINUTE)
    expect(await state()).toEqual(['waiting'])
    await world.advance(night + 15 * MINUTE + 1)
    expect(await state()).toEqual(['missed'])
    done(await testPhone(on, { asked: asked(), actor: officer }))
    expect(await state()).toEqual(['late'])
  })

  it('that nobody answers stay unanswered until somebody does', async () => {
    await aRoster()
    await world.advance(night)
    done(await testPhone(on, { asked: { ...asked(), answered: false }, actor: PEOPLE.operator }))
    expect(await state()).toEqual(['unanswered'])
    await world.advance(night + 5 * MINUTE)
    done(await testPhone(on, { asked: asked(), actor: dispatcher }))
    expect(await state()).toEqual(['answered'])
  })

  it('are tried at the start of a turn, by those who may, and not in the future', async () => {
    await aRoster()
    expect(
      await testPhone(on, { asked: { ...asked(), turnFrom: night + MINUTE }, actor: officer }),
    ).toMatchObject({ code: 'bad-time' })
    await world.advance(night + MINUTE)
    expect(
      await testPhone(on, { asked: { ...asked(), turnFrom: night + MINUTE }, actor: officer }),
    ).toMatchObject({ code: 'not-found' })
    expect(
      await testPhone(on, { asked: { ...asked(), testedAt: night + 2 * MINUTE }, actor: officer }),
    ).toMatchObject({ code: 'bad-time' })
    expect(await testPhone(on, { asked: asked(), actor: otherOfficer })).toMatchObject({
      code: 'not-your-right',
    })
  })
})
