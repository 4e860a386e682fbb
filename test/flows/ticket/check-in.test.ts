import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { createCheckIns } from '../../../server/flows/ticket/check-in.ts'
import { aDeskWorld, at, PEOPLE, type DeskWorld } from '../../support/desk-world.ts'

let world: DeskWorld
beforeEach(async () => {
  world = await aDeskWorld('03:00:00')
})
afterEach(() => world.close())

describe('a check-in', () => {
  it('explains its own well until it ends, by hand or by its time, also after a restart', async () => {
    const changed: string[] = []
    const checkIns = await createCheckIns(world.services, (assetId) => changed.push(assetId))
    const asked = { assetId: 'W1', reason: '检修', actor: PEOPLE.crew }
    const open = await checkIns.begin(asked)
    const timed = await checkIns.begin({ ...asked, assetId: 'W2', until: at('04:00:00') })
    if (isRefusal(open) || isRefusal(timed)) throw new Error('refused')
    expect(checkIns.at('W1', at('03:00:00'))?.id).toBe(open.id)
    expect(checkIns.at('W1', at('02:59:59'))).toBeUndefined()
    expect(checkIns.at('H1', at('03:00:00'))).toBeUndefined()
    await world.restart()
    const again = await createCheckIns(world.services)
    expect(again.at('W1', at('03:30:00'))?.id).toBe(open.id)
    expect(again.at('W2', at('03:59:59'))?.id).toBe(timed.id)
    expect(again.at('W2', at('04:00:00'))).toBeUndefined()
    await again.end({ assetId: 'W1', id: open.id, actor: PEOPLE.crew })
    expect(again.at('W1', at('03:30:00'))).toBeUndefined()
    expect(changed).toEqual(['W1', 'W2'])
  })

  it('ends by itself, at latest after half a day, and its well is looked at again', async () => {
    const changed: string[] = []
    const checkIns = await createCheckIns(world.services, (assetId) => changed.push(assetId))
    await checkIns.begin({ assetId: 'W1', reason: '检修', actor: PEOPLE.crew })
    await checkIns.begin({ assetId: 'W2', reason: '检修', until: at('04:00:00'), actor: PEOPLE.crew })
    expect(await checkIns.timed.nextDue()).toBe(at('04:00:00'))
    await checkIns.timed.run(at('04:00:00'))
    expect(await checkIns.timed.nextDue()).toBe(at('15:00:00'))
    expect(checkIns.at('W1', at('14:59:59'))).toBeDefined()
    expect(checkIns.at('W1', at('15:00:00'))).toBeUndefined()
    await checkIns.timed.run(at('15:00:00'))
    expect(await checkIns.timed.nextDue()).toBeUndefined()
    expect(changed).toEqual(['W1', 'W2', 'W2', 'W1'])
    expect(await world.services.store.read.checkIns.open()).toEqual([])
  })

  it('cannot end before it begins', async () => {
    const checkIns = await createCheckIns(world.services)
    const done = await checkIns.begin({
      assetId: 'W1',
      reason: 'x',
      until: at('03:00:00'),
      actor: PEOPLE.crew,
    })
    expect(done).toMatchObject({ code: 'bad-time' })
  })
})
