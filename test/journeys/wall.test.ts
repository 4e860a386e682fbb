import { afterEach, expect, it, vi } from 'vitest'
import type { Readiness } from '#contract/live.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
afterEach(async () => {
  vi.restoreAllMocks()
  await world.close()
})

const words = async (): Promise<string[]> => {
  const { troubles } = (await (await fetch(`${world.url()}/readyz`)).json()) as Readiness
  return troubles.filter(({ part }) => part === 'wall').map(({ text }) => text.zh)
}

it(
  'P6 a wall that has gone dark is missed until it asks again or has signed out; a desk is not',
  { timeout: 30_000 },
  async () => {
    world = await aWorld()
    const feeds = [await world.live('wall'), await world.live('dispatcher')]
    let late = 0
    const now = performance.now.bind(performance)
    vi.spyOn(performance, 'now').mockImplementation(() => now() + late)
    expect(await words()).toEqual([])
    late = 4 * 60_000
    expect(await words()).toEqual(['1 块大屏已 4 分钟没有响应:请查看是否断电、断网或死机'])
    await world.as('wall').get('/clock')
    expect(await words()).toEqual([])
    late *= 2
    expect(await words()).toHaveLength(1)
    const cookie = await world.as('wall').cookie()
    await fetch(`${world.url()}/api/v1/session`, { method: 'DELETE', headers: { cookie } })
    late *= 2
    await vi.waitFor(async () => expect(await words()).toEqual([]), { timeout: 15_000, interval: 200 })
    for (const feed of feeds) feed.close()
  },
)
