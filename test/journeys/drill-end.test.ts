import { afterEach, expect, it } from 'vitest'
import type { LiveAlarm } from '#contract/live.ts'
import { closedCover, openCover } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const begin = async (assetIds: readonly string[]): Promise<string> =>
  (await world.as('dispatcher').post<{ id: string }>('/drills', { reason: '冬季前演练', assetIds })).id

it.each(['by a person', 'by its time'])(
  'A45 a drill that ends %s says which of its covers are still open, and none that was put back',
  async (how) => {
    world = await aWorld()
    const id = await begin(['w1', 'w2', 'w3'])
    for (const device of ['dev-w1', 'dev-w2']) await world.publish(device, openCover(world.now(), 1))
    await world.advance({ seconds: 40 })
    await world.publish('dev-w2', closedCover(world.now()))
    await world.advance({ minutes: 30 })
    const wall = await world.live('wall')
    if (how === 'by a person') await world.as('dispatcher').ask('DELETE', `/drills/${id}`)
    await world.advance({ hours: 12 })
    const said = await wall.next<LiveAlarm>('alarm', ({ text }) => text.zh.includes('演练已结束'))
    expect(said.text.zh).toContain('热力井w1 仍在报警')
    expect(said.text.zh).not.toMatch(/w2|w3/)
    expect(said.sound).toBe('system')
    wall.close()
  },
)
