import { afterEach, describe, expect, it } from 'vitest'
import type { IncidentView } from '#contract/incident.ts'
import type { TicketView } from '#contract/ticket.ts'
import type { ClockKey } from '#contract/vocabulary.ts'
import { closedCover, openCover } from '../support/town.ts'
import { aWorld, msOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const clock = (ticket: TicketView, key: ClockKey) => {
  const found = ticket.clocks.find((each) => each.key === key)
  if (found === undefined) throw new Error(`${ticket.number} has no ${key}`)
  return found
}
const typesOf = (ticket: TicketView) => ticket.events.map(({ type }) => type)
const stepsOf = (ticket: TicketView, type: string, key: ClockKey) =>
  ticket.events.filter((event) => event.type === type && event.data['clock'] === key)

async function theOnly(): Promise<TicketView> {
  const tickets = await world.as('dispatcher').tickets()
  expect(tickets).toHaveLength(1)
  return tickets[0] as TicketView
}

describe('a displaced cover', () => {
  it('becomes one special ticket at the right department, dispatched at once and on every screen', async () => {
    world = await aWorld()
    const wall = await world.live('wall')
    await world.publish('dev-w1', openCover(world.ms('22:50:00') - 40_000, 3))
    await world.settle()

    const ticket = await theOnly()
    expect(ticket).toMatchObject({
      kind: 'cover',
      level: 'special',
      source: 'sensor',
      state: 'dispatched',
      assetId: 'w1',
      dueProvisional: false,
      exercise: false,
      returnCount: 0,
      department: { id: 'network-ops', name: '管网运行部', rule: 'primary_in_service' },
    })
    expect(ticket.department?.why).toContain('w1')
    expect(msOf(ticket.openedAt)).toBe(world.ms('22:50:00'))
    expect(msOf(ticket.dueAt)).toBe(world.ms('2026-01-16T02:50:00'))
    expect(clock(ticket, 'repair_cover')).toMatchObject({
      clause: '第八条3(5)',
      limitMinutes: 240,
      state: 'running',
    })
    expect(clock(ticket, 'dispatch').state).toBe('met')
    expect(msOf(clock(ticket, 'accept').dueAt)).toBe(world.ms('23:00:00'))
    expect(msOf(clock(ticket, 'arrive').dueAt)).toBe(world.ms('23:20:00'))
    expect(typesOf(ticket)).toEqual(['opened', 'auto_dispatched'])

    const seen = await wall.next<TicketView>('ticket', ({ id }) => id === ticket.id)
    expect(seen).toMatchObject({ kind: 'cover', state: 'dispatched' })
    const incident = await wall.next<IncidentView>('incident', ({ id }) => id === ticket.incidentId)
    expect(incident).toMatchObject({ state: 'confirmed', level: 'special', assetIds: ['w1'], located: true })
    expect(incident.evidence[0]?.sentence.zh).toMatch(/井盖|倾/)
    expect(incident.evidence[0]?.sentence.en).not.toBe('')
    expect(incident.ticketIds).toEqual([ticket.id])
    expect(incident.location.candidates[0]).toMatchObject({ assetId: 'w1' })
  })

  it('is opened by one sample and 30 s of silence: a sleeping lid does not cancel its alarm', async () => {
    world = await aWorld()
    await world.publish('dev-w1', openCover(world.now(), 1))
    await world.advance({ seconds: 29 })
    expect(await world.as('dispatcher').tickets()).toEqual([])
    await world.advance({ seconds: 1 })
    const ticket = await theOnly()
    expect(msOf(ticket.openedAt)).toBe(world.ms('22:50:30'))
    expect(msOf(ticket.dueAt)).toBe(world.ms('2026-01-16T02:50:30'))
    await world.publish('dev-w1', openCover(world.now(), 3))
    await world.advance({ minutes: 5 })
    await theOnly()
  })

  it('an alarm that the device has debounced confirms at once', async () => {
    world = await aWorld()
    await world.publish('dev-w2', { ts: world.now(), event: 'cover_open' }, 'event')
    await world.settle()
    expect(await theOnly()).toMatchObject({ kind: 'cover', assetId: 'w2', state: 'dispatched' })
  })

  it('is worked off by officer and crew, reviewed and archived, with every clock right on the way', async () => {
    world = await aWorld()
    const [officer, crew] = [world.as('officer-network-ops'), world.as('crew-network-ops')]
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const { id } = await theOnly()

    await world.until('22:54:00')
    let ticket = await officer.does(id, 'accept')
    expect(ticket.state).toBe('accepted')
    expect(clock(ticket, 'accept')).toMatchObject({ state: 'met' })
    expect(msOf(clock(ticket, 'accept').stoppedAt)).toBe(world.ms('22:54:00'))
    await world.until('22:56:00')
    ticket = await officer.does(id, 'assign', { crewIds: ['crew-network-ops'] })
    expect(ticket).toMatchObject({ state: 'assigned', crewIds: ['crew-network-ops'] })
    expect(clock(ticket, 'assign').state).toBe('met')
    expect((await crew.does(id, 'depart')).state).toBe('en_route')
    await world.until('23:15:00')
    const bare = await crew.command(id, 'arrive', { scene: '井盖滑开半米' })
    expect(bare.status).toBe(422)
    expect(bare.body).toMatchObject({ code: 'missing-field', clause: '第八条3(1)' })
    expect(bare.body.missing).toEqual(expect.arrayContaining(['heatAffected', 'expectedMinutes']))
    ticket = await crew.does(id, 'arrive', {
      scene: '井盖滑开半米',
      heatAffected: false,
      expectedMinutes: 45,
    })
    expect(clock(ticket, 'arrive')).toMatchObject({ state: 'met' })

    await world.until('23:40:00')
    ticket = await crew.does(id, 'repair', { text: '复位并紧固' })
    expect(clock(ticket, 'repair_cover')).toMatchObject({ state: 'met' })
    expect(msOf(clock(ticket, 'repair_cover').stoppedAt)).toBe(world.ms('23:40:00'))
    expect(clock(ticket, 'close_level').state).toBe('running')
    const done = { result: '已复位', finalKind: 'cover', outcome: 'done' }
    const unsafe = await crew.command(id, 'submit', done)
    expect(unsafe.status).toBe(422)
    expect(unsafe.body).toMatchObject({ code: 'missing-field', clause: '第八条3(1)', missing: ['measures'] })
    expect((await officer.ticket(id)).state).toBe('repaired')
    const none = await crew.command(id, 'safety', { measures: [], noneReason: '已盖好' })
    expect(none).toMatchObject({ status: 422, body: { clause: '第八条3(1)' } })
    await crew.does(id, 'safety', { measures: ['警示标识', '专人看守'] })
    await world.publish('dev-w1', [closedCover(world.now()), closedCover(world.now() + 60_000)])
    await world.until('23:50:00')
    ticket = await crew.does(id, 'submit', done)
    expect(ticket.state).toBe('submitted')
    expect(clock(ticket, 'close_level')).toMatchObject({ state: 'met' })

    expect(await crew.command(id, 'review', { pass: true })).toMatchObject({ status: 403 })
    expect(await world.as('operator').command(id, 'review', { pass: true })).toMatchObject({ status: 403 })
    const dispatcher = world.as('dispatcher')
    expect(await dispatcher.command(id, 'review', { pass: false })).toMatchObject({
      status: 422,
      body: { code: 'missing-field', missing: ['reason'] },
    })
    await world.until('2026-01-16T00:30:00')
    expect((await dispatcher.does(id, 'review', { pass: false, reason: 'not_detailed' })).state).toBe(
      'returned',
    )
    await world.until('2026-01-16T00:40:00')
    await crew.does(id, 'submit', { ...done, result: '井盖复位,橡胶垫更换,已紧固' })
    await world.until('2026-01-16T01:00:00')
    ticket = await dispatcher.does(id, 'review', { pass: true })
    expect(ticket).toMatchObject({ state: 'archived', returnCount: 1 })
    // 23:50 → 00:30 lay with the reviewer and is not charged to the unit (A16).
    expect(clock(ticket, 'close_level').excludedMinutes).toBe(40)
    expect(ticket.clocks.filter(({ state }) => state === 'breached' || state === 'running')).toEqual([])
    const incidents = await dispatcher.incidents()
    expect(incidents).toMatchObject([{ id: ticket.incidentId, state: 'closed' }])
  })

  it('left unsigned is deemed accepted after ten minutes, warned and breached exactly once', async () => {
    world = await aWorld()
    const wall = await world.live('wall')
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const { id } = await theOnly()
    await world.until('22:59:59')
    expect((await theOnly()).state).toBe('dispatched')
    await world.until('23:00:00')
    expect((await theOnly()).events.map(({ type }) => type)).not.toContain('deemed_accepted')
    await world.until('23:00:01')
    let ticket = await theOnly()
    expect(ticket.state).toBe('dispatched')
    const deemed = ticket.events.filter(({ type }) => type === 'deemed_accepted')
    expect(deemed).toHaveLength(1)
    expect(msOf(deemed[0]?.occurredAt)).toBe(world.ms('23:00:00'))
    expect(deemed[0]?.actor.kind).toBe('schedule')
    const due = clock(ticket, 'repair_cover').dueAt
    await world.until('23:00:01')
    expect(clock(await theOnly(), 'accept')).toMatchObject({ state: 'breached', severity: 'red' })

    await world.until('2026-01-16T00:50:00')
    await world.restart()
    ticket = await world.as('dispatcher').ticket(id)
    expect(clock(ticket, 'repair_cover').dueAt).toBe(due)
    expect(stepsOf(ticket, 'warned', 'repair_cover')).toHaveLength(1)
    await world.until('2026-01-16T02:50:00')
    ticket = await theOnly()
    expect(clock(ticket, 'repair_cover').state).toBe('running')
    expect(stepsOf(ticket, 'warned', 'repair_cover').map(({ occurredAt }) => msOf(occurredAt))).toEqual([
      world.ms('2026-01-16T00:50:00'),
      world.ms('2026-01-16T02:02:00'),
    ])
    await world.until('2026-01-16T02:50:01')
    await world.restart()
    await world.until('2026-01-16T09:00:00')
    ticket = await theOnly()
    expect(clock(ticket, 'repair_cover')).toMatchObject({ state: 'breached', dueAt: due, breachedAt: due })
    expect(stepsOf(ticket, 'breached', 'repair_cover')).toHaveLength(1)
    expect(stepsOf(ticket, 'breached', 'accept')).toHaveLength(1)
    expect(stepsOf(ticket, 'breached', 'arrive')).toHaveLength(1)
    expect(typesOf(ticket).filter((type) => type === 'deemed_accepted')).toHaveLength(1)
    await wall.ended
  })

  it('repaired at the very second is on time, a second later is not', async () => {
    world = await aWorld()
    const [officer, crew] = [world.as('officer-network-ops'), world.as('crew-network-ops')]
    for (const device of ['dev-w1', 'dev-w2']) await world.publish(device, openCover(world.now() - 40_000, 3))
    await world.settle()
    const tickets = await officer.tickets()
    expect(new Set(tickets.map(({ incidentId }) => incidentId)).size).toBe(2)
    for (const { id } of tickets) {
      await officer.does(id, 'accept')
      await officer.does(id, 'assign', { crewIds: ['crew-network-ops'] })
      await crew.does(id, 'arrive', { scene: '移位', heatAffected: false, expectedMinutes: 60 })
    }
    const [onTime, late] = [tickets[0]?.id ?? '', tickets[1]?.id ?? '']
    await world.until('2026-01-16T02:50:00')
    expect(clock(await crew.does(onTime, 'repair', { text: '复位' }), 'repair_cover').state).toBe('met')
    await world.until('2026-01-16T02:50:01')
    const ticket = await crew.does(late, 'repair', { text: '复位' })
    expect(clock(ticket, 'repair_cover')).toMatchObject({ state: 'breached' })
    expect(msOf(clock(ticket, 'repair_cover').stoppedAt)).toBe(world.ms('2026-01-16T02:50:01'))
    expect(msOf(clock(ticket, 'repair_cover').breachedAt)).toBe(world.ms('2026-01-16T02:50:00'))
  })

  it('shows at any past instant what was known then', async () => {
    world = await aWorld()
    const officer = world.as('officer-network-ops')
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const { id } = await theOnly()
    await world.until('22:55:00')
    await officer.does(id, 'accept')
    await world.until('23:30:00')
    const then = await officer.ticket(id, '2026-01-15T22:54:00+08:00')
    expect(then).toMatchObject({ state: 'dispatched' })
    expect(clock(then, 'accept').state).toBe('running')
    expect(clock(then, 'arrive').state).toBe('running')
    expect(typesOf(then)).toEqual(['opened', 'auto_dispatched'])
    expect((await officer.ticket(id)).state).toBe('accepted')
    expect(await officer.ask('GET', `/tickets/${id}?at=2026-01-15T22:49:00%2B08:00`)).toMatchObject({
      status: 404,
      body: { code: 'not-found' },
    })
  })
})
