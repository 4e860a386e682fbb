import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { SystemHealth } from '#contract/live.ts'
import { openLiveStream } from '../support/live-stream.ts'
import { createPersonClient } from '../support/person-client.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
let late = 0
beforeEach(async () => {
  late = 0
  world = await aWorld()
  const now = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => now() + late)
})
afterEach(async () => {
  vi.restoreAllMocks()
  await world.close()
})

/** A browser that has signed in on a wall, and what it shows. */
async function aWall(screen?: string) {
  const browser = createPersonClient(() => world.url(), { name: 'wall', password: 'demo' })
  const cookie = await browser.cookie()
  const feed = await openLiveStream(world.url(), { cookie, ...(screen === undefined ? {} : { screen }) })
  return { browser, cookie, feed }
}

/** What somebody is told of dark walls. */
async function told(who: string) {
  const { troubles } = await world.as(who).get<SystemHealth>('/health')
  return troubles.filter(({ part }) => part === 'wall')
}
const soon = { timeout: 15_000, interval: 200 }
const words = async () => (await told('dispatcher')).map(({ text }) => text.zh)

it(
  'P6 a wall that has gone dark is missed by name until it asks again or has signed out; a desk is not',
  { timeout: 30_000 },
  async () => {
    const { browser, cookie, feed } = await aWall('东墙')
    const desk = await world.live('dispatcher')
    expect(await words()).toEqual([])
    late = 4 * 60_000
    await vi.waitFor(
      async () => expect(await words()).toEqual(['大屏「东墙」已 4 分钟没有响应:请查看电源和网络']),
      soon,
    )
    await browser.get('/clock')
    await vi.waitFor(async () => expect(await words()).toEqual([]), soon)
    late *= 2
    await vi.waitFor(async () => expect(await words()).toHaveLength(1), soon)
    await fetch(`${world.url()}/api/v1/session`, { method: 'DELETE', headers: { cookie } })
    late *= 2
    await vi.waitFor(async () => expect(await words()).toEqual([]), soon)
    for (const one of [feed, desk]) one.close()
  },
)

it(
  'a dark wall is told to who can mend it, and is retired by them; one of its name takes its place',
  { timeout: 30_000 },
  async () => {
    const feeds = [(await aWall()).feed]
    late = 4 * 60_000
    await vi.waitFor(async () => expect(await told('engineer')).toHaveLength(1), soon)
    const [trouble] = await told('dispatcher')
    expect(trouble?.walls).toMatchObject([{ name: expect.stringContaining('127.0.0.1') }])
    expect([await told('crew-network-ops'), await told('operator'), await told('wall')]).toEqual([[], [], []])
    const stranger = (await (await fetch(`${world.url()}/readyz`)).json()) as SystemHealth
    expect(stranger.troubles).toEqual([])

    const gone = `/walls/${trouble?.walls?.[0]?.id ?? ''}`
    expect((await world.as('operator').ask('DELETE', gone)).status).toBe(403)
    expect((await world.as('dispatcher').ask('DELETE', gone)).status).toBe(204)
    expect((await world.as('dispatcher').ask('DELETE', gone)).status).toBe(404)
    await vi.waitFor(async () => expect(await words()).toEqual([]), soon)

    // The browser was closed and opened again on the same machine: one screen, not two.
    feeds.push((await aWall()).feed)
    late += 4 * 60_000
    await vi.waitFor(async () => expect(await words()).toHaveLength(1), soon)
    feeds.push((await aWall()).feed)
    await vi.waitFor(async () => expect(await words()).toEqual([]), soon)
    for (const feed of feeds) feed.close()
  },
)
