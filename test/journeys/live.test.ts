import { afterEach, describe, expect, it } from 'vitest'
import type { IncidentView } from '#contract/incident.ts'
import type { LiveSnapshot } from '#contract/live.ts'
import type { TicketView } from '#contract/ticket.ts'
import { openCover } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const opens = async (well: string) => {
  await world.publish(`dev-${well}`, openCover(world.now() - 40_000, 3))
  await world.settle()
}

describe('F14 the live feed', () => {
  it('begins with everything that is open and resumes where a screen stopped', async () => {
    world = await aWorld()
    await opens('w1')
    const screen = await world.live('wall')
    const snapshot = await screen.next<LiveSnapshot>('snapshot')
    expect(snapshot.tickets).toMatchObject([{ kind: 'cover', assetId: 'w1' }])
    expect(snapshot.incidents).toHaveLength(1)
    expect(snapshot.assets.map(({ id }) => id)).toContain('w1')
    expect(screen.events[0]?.id).toBe(snapshot.cursor)

    await opens('w2')
    await screen.next<IncidentView>('incident', ({ assetIds }) => assetIds.includes('w2'))
    const last = screen.events.at(-1)
    screen.close()
    await opens('w3')
    const again = await world.live('wall', last?.id)
    const missed = await again.next<TicketView>('ticket', ({ assetId }) => assetId === 'w3')
    expect(missed.state).toBe('dispatched')
    expect(again.events.some(({ event }) => event === 'snapshot' || event === 'reset')).toBe(false)
    expect(again.events.some(({ data }) => (data as TicketView).assetId === 'w2')).toBe(false)
  })

  it('tells a screen of before a restart to start anew, and misses nothing', async () => {
    world = await aWorld()
    const screen = await world.live('wall')
    const { cursor } = await screen.next<LiveSnapshot>('snapshot')
    await opens('w1')
    await world.restart()
    await screen.ended
    const again = await world.live('wall', cursor)
    const snapshot = await again.next<LiveSnapshot>('snapshot')
    expect(again.events.map(({ event }) => event).slice(0, 2)).toEqual(['reset', 'snapshot'])
    expect(snapshot.tickets).toHaveLength(1)
  })

  it('ends when the session is signed out or the person is no longer let in', async () => {
    world = await aWorld()
    const [screen, other] = [await world.live('operator'), await world.live('crew-area-1')]
    await screen.next('snapshot')
    await world.as('operator').ask('DELETE', '/session')
    await world.as('admin').ask('DELETE', '/users/crew-area-1')
    await Promise.all([screen.ended, other.ended])
    expect((await world.as('crew-area-1').ask('GET', '/tickets')).status).toBe(401)
    const response = await fetch(`${world.url()}/api/v1/live`, {
      headers: { cookie: await world.as('operator').cookie() },
    })
    expect(response.status).toBe(401)
  }, 15_000)
})
