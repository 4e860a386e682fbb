import { afterEach, describe, expect, it } from 'vitest'
import type { TicketView } from '#contract/ticket.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { openCover } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

async function aCoverTicket(): Promise<TicketView> {
  await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
  await world.settle()
  return (await world.as('dispatcher').tickets())[0] as TicketView
}

describe('who may', () => {
  it('two officers race to accept: one has it, the other sees that it has changed', async () => {
    world = await aWorld()
    const { id, version } = await aCoverTicket()
    const officer = world.as('officer-network-ops')
    await officer.get('/session')
    const accept = () => officer.ask('POST', `/tickets/${id}/commands`, { command: 'accept', version })
    const answers = await Promise.all([accept(), accept(), accept()])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('stale-version')
    const { events } = await officer.ticket(id)
    expect(events.filter(({ type }) => type === 'accept')).toHaveLength(1)
  })

  it('the crew and officer of another department are refused, whatever they send', async () => {
    world = await aWorld()
    const { id } = await aCoverTicket()
    for (const who of ['officer-area-1', 'crew-area-1', 'officer-network-eng']) {
      for (const command of ['accept', 'arrive', 'repair', 'submit', 'unfounded'] as const) {
        const answer = await world.as(who).command(id, command)
        expect([who, command, answer.status]).toEqual([who, command, 403])
      }
    }
    expect((await world.as('officer-network-ops').ticket(id)).events).toHaveLength(2)
  })

  it('the wall, the engineer and the administrator change no ticket', async () => {
    world = await aWorld()
    const { id } = await aCoverTicket()
    for (const who of ['wall', 'engineer', 'admin']) {
      const client = world.as(who)
      expect((await client.ticket(id)).id).toBe(id)
      for (const command of ['accept', 'dispatch', 'note', 'review', 'raise_level'] as const) {
        expect([who, command, (await client.command(id, command)).status]).toEqual([who, command, 403])
      }
      expect((await client.ask('POST', '/calls', aCall())).status).toBe(403)
    }
    const wall = world.as('wall')
    expect(
      (await wall.ask('POST', '/network/imports', { type: 'FeatureCollection', features: [] })).status,
    ).toBe(403)
    expect((await wall.ask('PUT', '/clock', { now: '2026-01-16T00:00:00+08:00' })).status).toBe(403)
    expect((await wall.ask('POST', '/assets/w1/check-ins', { reason: 'x' })).status).toBe(403)
    expect((await wall.ask('POST', '/users', {})).status).toBe(403)
  })

  it('nobody is let in without signing in', async () => {
    world = await aWorld()
    for (const path of ['/tickets', '/incidents', '/network', '/live', '/readings?device=dev-w1', '/users']) {
      const response = await fetch(`${world.url()}/api/v1${path}`)
      expect([path, response.status]).toEqual([path, 401])
      expect(response.headers.get('content-type')).toContain('application/problem+json')
    }
    const foreign = await world
      .as('dispatcher')
      .ask('POST', '/calls', aCall(), { origin: 'https://elsewhere.example' })
    expect(foreign).toMatchObject({ status: 403, body: { code: 'wrong-origin' } })
  })

  it('a caller’s number is whole for the desks and the holders of the ticket, masked for everybody else', async () => {
    world = await aWorld()
    await aCoverTicket()
    const wallScreen = await world.live('wall')
    const deskScreen = await world.live('dispatcher')
    const { ticket } = await world.as('operator').post<Taken>('/calls', aCall({ assetId: 'w1' }))
    const numberFor = async (who: string) => (await world.as(who).ticket(ticket.id)).calls[0]?.callerPhone
    for (const who of ['operator', 'dispatcher', 'service', 'officer-network-ops', 'crew-network-ops']) {
      expect([who, await numberFor(who)]).toEqual([who, '13812345678'])
    }
    for (const who of ['wall', 'engineer', 'admin', 'officer-area-1', 'crew-area-1']) {
      expect([who, await numberFor(who)]).toEqual([who, '138****5678'])
    }
    const withCall = ({ id, calls }: TicketView) => id === ticket.id && calls.length > 0
    const masked = await wallScreen.next<TicketView>('ticket', withCall)
    expect(masked.calls[0]?.callerPhone).toBe('138****5678')
    const whole = await deskScreen.next<TicketView>('ticket', withCall)
    expect(whole.calls[0]?.callerPhone).toBe('13812345678')
    for (const path of [
      '/tickets',
      '/incidents',
      `/incidents/${ticket.incidentId}`,
      `/tickets/${ticket.id}`,
    ]) {
      expect(JSON.stringify(await world.as('wall').get(path))).not.toContain('13812345678')
    }
    const fresh = await world.live('wall')
    await fresh.next('snapshot')
    expect(JSON.stringify([fresh.events, wallScreen.events])).not.toContain('13812345678')
  })
})
