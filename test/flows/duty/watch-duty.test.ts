import { afterEach, beforeEach, expect, it } from 'vitest'
import type { LiveAlarm } from '#contract/live.ts'
import { isRefusal } from '../../../server/contract/problem.ts'
import { addException, replacePlan, type RosterServices } from '../../../server/flows/duty/change-roster.ts'
import { createDutyRoster } from '../../../server/flows/decisions/duty-roster.ts'
import { testPhone } from '../../../server/flows/duty/test-phones.ts'
import type { Timed } from '../../../server/flows/ports.ts'
import { createDutyWatch } from '../../../server/flows/duty/watch-duty.ts'
import { isForPeople } from '../../../server/flows/notification/route-outgoing.ts'
import { createOutboxStore } from '../../../server/store/sql/outbox-store.ts'
import { aPlan } from '../../domain/duty/book.ts'
import { aDeskWorld, at, PEOPLE, type DeskWorld } from '../../support/desk-world.ts'

let world: DeskWorld
let on: RosterServices
let watch: Timed
const boot = async () => {
  on = { services: world.services, roster: await createDutyRoster(world.services) }
  watch = createDutyWatch(on)
}
beforeEach(async () => {
  world = await aDeskWorld('12:00:00')
  await boot()
})
afterEach(() => world.close())

const { departmentId, contactId = 'a', members, groups, shifts } = aPlan()
const PLAN = { departmentId, contactId, members, groups, shifts }
const TURN = { departmentId: 'network-ops', groupId: 'crew' }

async function done<T>(result: Promise<T>): Promise<T> {
  const value = await result
  if (isRefusal(value)) throw new Error(value.detail)
  return value
}
const aRoster = () => done(replacePlan(on, { plan: PLAN, version: 0, actor: PEOPLE.officer }))

/** Time goes on as the schedule lets it: from one due instant to the next. */
async function until(text: string): Promise<void> {
  for (;;) {
    const due = await watch.nextDue()
    if (due === undefined || due > at(text)) break
    const now = Math.max(due, on.services.clock.now())
    await world.advance(now)
    await watch.run(now)
  }
  await world.advance(at(text))
}
const alarms = () =>
  world.published
    .filter(({ event }) => event === 'alarm')
    .map(({ data }) => data as LiveAlarm)
    .map(({ at: when, text, sound }) => `${when.slice(8, 16)} ${text.en}${sound === undefined ? '' : ' !'}`)

/** What has left for people, in the order in which it did. */
const outbox = async () => {
  const entries = (await createOutboxStore(world.database).unrouted(Infinity, 100)).filter(isForPeople)
  return entries.map(({ outgoing: { urgency, to, text } }) => ({
    urgency,
    to: `${to.departmentId} ${to.rung}`,
    text: text.en,
  }))
}

it('says nothing of departments that keep no roster', async () => {
  expect(await watch.nextDue()).toBeUndefined()
})

it('tells once of the phones that nobody has tried when a turn began, not of those that were', async () => {
  await aRoster()
  await until('19:00:00')
  // The roster begins at noon, in the middle of a turn.
  expect(alarms()).toEqual(['15T12:15 1 duty phone not tried in time: 管网运行部 1'])
  await until('20:05:00')
  const book = on.roster.book()
  const [turn] = book.plans[0]?.shifts ?? []
  expect(turn?.id).toBe('rota')
  const test = { ...TURN, memberId: 'a', turnFrom: at('20:00:00'), answered: true }
  const tried = await Promise.all(
    ['a', 'b', 'c'].map((memberId) =>
      testPhone(on, { asked: { ...test, memberId }, actor: PEOPLE.operator }),
    ),
  )
  expect(tried.filter((each) => !isRefusal(each))).toHaveLength(1)
  await until('23:00:00')
  expect(alarms()).toHaveLength(1)
})

it('tells of a gap a day ahead and when it begins, once each, also over a restart', async () => {
  await aRoster()
  const gap = { from: at('2026-01-17T08:00:00'), to: at('2026-01-17T20:00:00') }
  const shift = { kind: 'temporary', ...TURN, ...gap, parts: [] } as const
  await done(addException(on, { asked: shift, actor: PEOPLE.officer }))
  const gaps = () => alarms().filter((line) => line.includes('gap'))
  await until('2026-01-16T07:59:59')
  expect(gaps()).toEqual([])
  await until('2026-01-16T09:00:00')
  const said = 'roster gap: 管网运行部, 抢修组: 0 of 1 on duty, 01-17 08:00 to 01-17 20:00'
  expect(gaps()).toEqual([`16T08:00 ${said}`])
  await world.restart()
  await boot()
  await until('2026-01-17T12:00:00')
  await world.restart()
  await boot()
  await until('2026-01-18T12:00:00')
  expect(gaps()).toEqual([`16T08:00 ${said}`, `17T08:00 ${said} !`])
  const told = (await outbox()).filter(({ text }) => text.includes('gap'))
  expect(told.map(({ urgency, to }) => `${urgency} ${to}`)).toEqual([
    'soon network-ops head',
    'soon dispatch duty_lead',
    'alarm network-ops head',
    'alarm dispatch duty_lead',
  ])
})

it('tells at once of a gap that somebody has just made', async () => {
  await aRoster()
  const gap = { from: at('13:00:00'), to: at('14:00:00') }
  await done(
    addException(on, { asked: { kind: 'temporary', ...TURN, ...gap, parts: [] }, actor: PEOPLE.officer }),
  )
  await until('12:00:00')
  expect(alarms().filter((line) => line.includes('gap'))).toHaveLength(1)
})

it('tells at once of a phone that rings in vain', async () => {
  await aRoster()
  await until('20:00:00')
  for (const memberId of ['a', 'b', 'c']) {
    const asked = { ...TURN, memberId, turnFrom: at('20:00:00'), answered: false }
    await testPhone(on, { asked, actor: PEOPLE.operator })
  }
  expect(alarms().filter((line) => line.includes('not answered'))).toHaveLength(1)
  const told = (await outbox()).filter(({ text }) => text.includes('not answered'))
  expect(told.map(({ to }) => to)).toEqual(['network-ops head', 'dispatch duty_lead'])
})

it('tells nothing of what it could not write down, and tells it once when it can', async () => {
  await aRoster()
  const { store } = world.services
  let isFull = true
  const transact: typeof store.transact = async (work) => {
    const done = await store.transact(async (repositories) => {
      const result = await work(repositories)
      if (isFull) throw new Error('database or disk is full')
      return result
    })
    return done
  }
  const services = { ...world.services, store: { ...store, transact } }
  const onFull = createDutyWatch({ services, roster: on.roster })
  const now = at('12:30:00')
  await world.advance(now)
  for (let n = 0; n < 3; n += 1) await expect(Promise.resolve(onFull.run(now))).rejects.toThrow('full')
  expect(alarms()).toEqual([])
  isFull = false
  for (let n = 0; n < 2; n += 1) await onFull.run(now)
  expect(alarms()).toHaveLength(1)
})
