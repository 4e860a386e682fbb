import { afterEach, beforeEach, expect, it } from 'vitest'
import { isRefusal } from '../../../server/contract/problem.ts'
import type { DutyRung } from '../../../server/contract/vocabulary.ts'
import { replacePlan, type RosterServices } from '../../../server/flows/duty/change-roster.ts'
import { createDutyLookup } from '../../../server/flows/duty/duty-lookup.ts'
import { createDutyRoster } from '../../../server/flows/decisions/duty-roster.ts'
import { rosterOrAccounts } from '../../../server/flows/duty/people-on-duty.ts'
import { aPlan } from '../../domain/duty/book.ts'
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

async function aRoster(plan = PLAN): Promise<void> {
  const done = await replacePlan(on, { plan, version: 0, actor: PEOPLE.officer })
  if (isRefusal(done)) throw new Error(done.detail)
}
async function told(rung: DutyRung): Promise<string[]> {
  const people = { list: async () => Object.values(PEOPLE) }
  const ask = rosterOrAccounts(createDutyLookup(on.roster), people)
  return (await ask('network-ops', rung, at('12:00:00'))).map(({ id }) => id)
}

it('a unit that keeps no roster is told by its own accounts', async () => {
  expect([await told('crew'), await told('deputy')]).toEqual([['crew-network-ops'], ['officer-network-ops']])
})

it('a rung of which the roster says nothing stays with the accounts, the others go by the roster', async () => {
  await aRoster()
  const [crew = '', ...more] = await told('crew')
  expect(more).toEqual([])
  expect(['a', 'b', 'c']).toContain(crew)
  expect(await told('deputy')).toEqual(['officer-network-ops'])
})

it('a rung that the roster speaks of and leaves empty is nobody: the next rung hears', async () => {
  await aRoster({ ...PLAN, shifts: [] })
  expect(await told('crew')).toEqual([])
})
