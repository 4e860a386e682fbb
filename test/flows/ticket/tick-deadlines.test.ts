import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isRefusal } from '#contract/problem.ts'
import { foldTicket } from '../../../server/domain/ticket/evolve.ts'
import { raiseIncidents } from '../../../server/flows/incident/raise-incidents.ts'
import { runTicketCommand } from '../../../server/flows/ticket/run-ticket-command.ts'
import { showOpen, showTicketAt } from '../../../server/flows/decisions/show-tickets.ts'
import { aDeskWorld, at, coverFinding, PEOPLE, type DeskWorld } from '../../support/desk-world.ts'

let world: DeskWorld
beforeEach(async () => {
  world = await aDeskWorld('22:50:00')
  await raiseIncidents(world.services, [coverFinding('W1', '22:50:00')])
})
afterEach(() => world.close())

const theTicket = async () => {
  const [ticket] = (await showOpen(world.services)).tickets
  if (ticket === undefined) throw new Error('no ticket')
  return ticket
}
const written = async (type: string) =>
  (await theTicket()).events
    .filter((event) => event.type === type)
    .map(
      ({ data, occurredAt }) =>
        `${String(data['clock'])} ${String(data['step'])} ${occurredAt.slice(11, 19)}`,
    )

describe('the sweep', () => {
  it('deems the ticket accepted ten minutes after dispatch, as an event and not a state', async () => {
    await world.advance(at('23:00:00'))
    expect((await theTicket()).events.at(-1)?.type).toBe('warned')
    await world.advance(at('23:00:01'))
    const ticket = await theTicket()
    expect(ticket.state).toBe('dispatched')
    expect(ticket.events.find(({ type }) => type === 'deemed_accepted')).toMatchObject({
      type: 'deemed_accepted',
      occurredAt: '2026-01-15T23:00:00+08:00',
      actor: { kind: 'schedule' },
    })
  })

  it('warns short clocks at 60 %, long ones at 50 and 80 %, each once', async () => {
    await world.advance(at('2026-01-16T02:50:00'))
    expect(await written('warned')).toEqual([
      'accept 60 22:56:00',
      'assign 60 22:56:00',
      'arrive 60 23:08:00',
      'repair_cover 50 00:50:00',
      'close_level 50 00:50:00',
      'repair_cover 80 02:02:00',
      'close_level 80 02:02:00',
    ])
  })

  it('writes a breach once, at its due instant, and not while it is still on time', async () => {
    await world.advance(at('2026-01-16T02:50:00'))
    expect(await written('breached')).toEqual([
      'accept 100 23:00:00',
      'assign 100 23:00:00',
      'arrive 100 23:20:00',
    ])
    await world.advance(at('2026-01-16T02:50:01'))
    expect((await written('breached')).slice(3)).toEqual([
      'repair_cover 100 02:50:00',
      'close_level 100 02:50:00',
    ])
  })

  it('Ex 14: a restart at 3:59 moves nothing and repeats nothing', async () => {
    await world.advance(at('2026-01-16T02:49:00'))
    const before = await theTicket()
    await world.restart()
    expect((await theTicket()).dueAt).toBe(before.dueAt)
    await world.advance(at('2026-01-16T02:49:30'))
    expect((await theTicket()).events).toHaveLength(before.events.length)
    await world.advance(at('2026-01-16T06:00:00'))
    await world.restart()
    await world.advance(at('2026-01-16T07:00:00'))
    expect((await written('breached')).filter((each) => each.startsWith('repair_cover'))).toEqual([
      'repair_cover 100 02:50:00',
    ])
  })

  it('is not held up by a ticket that cannot be swept', async () => {
    const { store } = world.services
    const broken = await store.read.tickets.load((await theTicket()).id)
    if (broken === undefined) throw new Error('no ticket')
    await store.transact(async ({ tickets }) => {
      const ticket = { ...broken.ticket, id: 'broken', number: 'broken' }
      await tickets.append(0, { ticket, events: broken.events.slice(1) }, at('22:50:00'))
      return true
    })
    await world.sleepUntil(at('23:00:01'))
    await expect(store.read.tickets.load('broken')).rejects.toThrow(
      'ticket broken: events of ticket broken: missing',
    )
    const swept = await store.read.tickets.load(broken.ticket.id)
    expect(swept?.events.map(({ type }) => type)).toContain('deemed_accepted')
  })

  it('slept through, writes acceptance and breaches as if it had been awake; late warnings are none', async () => {
    const awake = await aDeskWorld('22:50:00')
    await raiseIncidents(awake.services, [coverFinding('W1', '22:50:00')])
    await awake.advance(at('2026-01-16T03:00:00'))
    const [seen] = (await showOpen(awake.services)).tickets
    await awake.close()
    await world.sleepUntil(at('2026-01-16T03:00:00'))
    const told = (events: readonly { type: string; occurredAt: string }[] = []) =>
      events.filter(({ type }) => type !== 'warned').map(({ type, occurredAt }) => `${type} ${occurredAt}`)
    expect(told((await theTicket()).events)).toEqual(told(seen?.events))
    expect(await written('warned')).toEqual([])
  })
})

describe('two people at once', () => {
  it('the second of two commands on one version is refused as stale', async () => {
    const { id, version } = await theTicket()
    const accept = { command: 'accept' as const, version, body: {} }
    const results = await Promise.all([
      runTicketCommand(world.services, { id, command: accept, actor: PEOPLE.officer }),
      runTicketCommand(world.services, { id, command: accept, actor: PEOPLE.dispatcher }),
    ])
    expect(results.map((result) => (isRefusal(result) ? result.code : 'ok')).sort()).toEqual([
      'ok',
      'stale-version',
    ])
  })

  it('a warning written meanwhile does not make a command stale', async () => {
    const { id, version } = await theTicket()
    await world.advance(at('22:57:00'))
    const accept = { command: 'accept' as const, version, body: {} }
    const done = await runTicketCommand(world.services, { id, command: accept, actor: PEOPLE.officer })
    expect(done).toMatchObject({ state: 'accepted' })
  })
})

describe('the past', () => {
  it('shows the ticket as it was known then', async () => {
    const { id, version } = await theTicket()
    await world.advance(at('22:55:00'))
    const accept = { command: 'accept' as const, version, body: {} }
    await runTicketCommand(world.services, { id, command: accept, actor: PEOPLE.officer })
    expect(await showTicketAt(world.services, id, at('22:54:00'))).toMatchObject({
      state: 'dispatched',
      version: 2,
    })
    expect(await showTicketAt(world.services, id, at('22:55:00'))).toMatchObject({
      state: 'accepted',
      version: 3,
    })
    expect(await showTicketAt(world.services, id, at('22:49:59'))).toBeUndefined()
  })

  it('does not reach into the future: nobody has missed anything there yet', async () => {
    const { id } = await theTicket()
    const tomorrow = await showTicketAt(world.services, id, at('2026-01-16T22:50:00'))
    expect(tomorrow).toEqual(await theTicket())
  })

  it('is nothing but the events: the stored fold equals the fold of the history', async () => {
    await world.advance(at('2026-01-16T03:00:00'))
    const history = await world.services.store.read.tickets.load((await theTicket()).id)
    expect(history?.ticket).toEqual(foldTicket(history?.ticket.id ?? '', history?.events ?? []))
  })
})
