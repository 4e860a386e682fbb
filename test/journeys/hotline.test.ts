import { afterEach, describe, expect, it } from 'vitest'
import type { CallMatch } from '#contract/hotline.ts'
import type { Problem } from '#contract/problem.ts'
import type { TicketView } from '#contract/ticket.ts'
import { HOUR } from '../../server/domain/instant.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { place } from '../support/networks.ts'
import { openCover } from '../support/town.ts'
import { aWorld, msOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())

const call = (more: Parameters<typeof aCall>[0] = {}) =>
  world.as('operator').post<Taken>('/calls', aCall(more))
const clock = (ticket: TicketView | undefined, key: string) => ticket?.clocks.find((each) => each.key === key)

async function coverOpensAtW1(): Promise<TicketView> {
  await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
  await world.settle()
  return (await world.as('dispatcher').tickets())[0] as TicketView
}

describe('a call about a cover that the sensor knows', () => {
  it('is joined by asset and by place, never doubled, and says why', async () => {
    world = await aWorld()
    const ticket = await coverOpensAtW1()
    await world.advance({ minutes: 3 })
    const byAsset = await call({ assetId: 'w1' })
    expect(byAsset).toMatchObject({
      joined: true,
      ticket: { id: ticket.id },
      incident: { id: ticket.incidentId },
    })
    expect(byAsset.why.zh).not.toBe('')
    const near = place(530, 20)
    const { lon, lat } = { lon: near[0], lat: near[1] }
    const matches = await world
      .as('operator')
      .get<CallMatch[] | { items: CallMatch[] }>(`/calls/matches?lon=${lon}&lat=${lat}&kind=cover`)
    expect(JSON.stringify(matches)).toContain(ticket.incidentId)
    const byPlace = await call({ position: near, callerPhone: '13900001111' })
    expect(byPlace).toMatchObject({ joined: true, ticket: { id: ticket.id } })
    expect(byPlace.ticket.calls.map(({ callerPhone }) => callerPhone)).toEqual(['13812345678', '13900001111'])
    expect(await world.as('dispatcher').tickets()).toHaveLength(1)
    expect(msOf(byPlace.ticket.dueAt)).toBe(msOf(ticket.dueAt))
  })

  it('80 m away, or of another kind, is another ticket; the desk may also insist on a new one', async () => {
    world = await aWorld()
    const ticket = await coverOpensAtW1()
    expect(await call({ position: place(580, 0) })).toMatchObject({ joined: false })
    expect(await call({ assetId: 'w1', join: 'new' })).toMatchObject({ joined: false })
    const indoor = await call({ kind: 'indoor_leak', position: place(500, 0), scene: '厨房暖气片漏水' })
    expect(indoor.joined).toBe(false)
    const all = await world.as('dispatcher').tickets()
    expect(all).toHaveLength(4)
    expect(new Set(all.map(({ incidentId }) => incidentId)).size).toBe(4)
    expect(await world.as('dispatcher').ticket(ticket.id)).toMatchObject({ calls: [] })
  })

  it('received before the sensor spoke: the ticket starts at the call, which shows its clocks', async () => {
    world = await aWorld({ start: '22:41:00' })
    const taken = await call({ assetId: 'w1' })
    expect(taken).toMatchObject({
      joined: false,
      ticket: { kind: 'cover', state: 'dispatched', source: 'phone' },
    })
    await world.until('22:50:00')
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const all = await world.as('dispatcher').tickets('state=open')
    expect(all.map(({ id }) => id)).toEqual([taken.ticket.id])
    expect(msOf(all[0]?.dueAt)).toBe(world.ms('2026-01-16T02:41:00'))
    const incidents = await world.as('dispatcher').incidents()
    expect(incidents).toHaveLength(1)
    expect(incidents[0]?.members.map(({ type }) => type)).toEqual(['call', 'finding'])
  })

  it('taken as a new one and merged by the dispatcher: the earlier start holds, and comes apart again (Ex 8)', async () => {
    world = await aWorld({ start: '22:41:00' })
    const first = (await call({ position: place(700, 0), address: '街口' })).ticket
    await world.until('22:50:00')
    const second = await coverOpensAtW1().then(async () =>
      (await world.as('dispatcher').tickets()).find(({ source }) => source === 'sensor'),
    )
    const dispatcher = world.as('dispatcher')
    await world.until('22:55:00')
    await dispatcher.post(`/incidents/${second?.incidentId}/merge`, {
      into: first.incidentId,
      reason: '同一井盖',
    })
    expect(await dispatcher.ticket(second?.id ?? '')).toMatchObject({ state: 'merged' })
    const kept = await dispatcher.ticket(first.id)
    expect(msOf(clock(kept, 'repair_cover')?.dueAt)).toBe(world.ms('2026-01-16T02:41:00'))
    expect(await dispatcher.tickets('state=open')).toHaveLength(1)
    const incident = (await dispatcher.incidents()).find(({ id }) => id === first.incidentId)
    const memberIds = incident?.members.filter(({ type }) => type === 'finding').map(({ id }) => id)
    await dispatcher.post(`/incidents/${first.incidentId}/split`, { memberIds, reason: '是两处' })
    const restored = await dispatcher.ticket(second?.id ?? '')
    expect(restored.state).toBe('dispatched')
    expect(msOf(restored.dueAt)).toBe(world.ms('2026-01-16T02:50:00'))
    expect(restored.events.map(({ type }) => type)).toEqual(expect.arrayContaining(['merged', 'unmerged']))
  })

  it('without an address is refused with the clause, and nothing has changed', async () => {
    world = await aWorld()
    const noAddress = aCall({ address: ' ' })
    const refused = await world.as('operator').ask<Problem>('POST', '/calls', noAddress)
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({ code: 'missing-field', missing: ['address'] })
    expect(refused.body.clause).toMatch(/^第四条A/)
    const bare = await world.as('operator').ask<Problem>('POST', '/calls', { kind: 'cover' })
    expect(bare.body.missing).toEqual(expect.arrayContaining(['address', 'callerPhone']))
    expect(await world.as('operator').tickets()).toEqual([])
    expect(await world.as('operator').incidents()).toEqual([])
  })

  it('sent twice with one Idempotency-Key is one call', async () => {
    world = await aWorld()
    const once = { 'idempotency-key': 'call-7' }
    const first = await world.as('operator').ask<Taken>('POST', '/calls', aCall(), once)
    const again = await world.as('operator').ask<Taken>('POST', '/calls', aCall(), once)
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.body.call.id).toBe(first.body.call.id)
    const [ticket, ...others] = await world.as('operator').tickets()
    expect(others).toEqual([])
    expect(ticket?.calls).toHaveLength(1)
  })

  it('must be called back within seven working days; three vain attempts on two days settle it', async () => {
    world = await aWorld({ start: '2026-03-04T09:00:00' })
    const { ticket, call: taken } = await call({ assetId: 'w1' })
    const [officer, crew] = [world.as('officer-network-ops'), world.as('crew-network-ops')]
    await officer.does(ticket.id, 'accept')
    await crew.does(ticket.id, 'arrive', { scene: '移位', heatAffected: false, expectedMinutes: 20 })
    await crew.does(ticket.id, 'safety', { measures: ['警示标识'] })
    await crew.does(ticket.id, 'repair', { text: '复位' })
    await world.until('2026-03-04T12:00:00')
    await crew.does(ticket.id, 'submit', { result: '已复位', finalKind: 'cover', outcome: 'done' })
    const passed = await world.as('dispatcher').does(ticket.id, 'review', { pass: true })
    expect(passed.state).toBe('callback_due')
    // Ex 5: submitted on a Wednesday, day 7 is Friday of the next week.
    expect(msOf(clock(passed, 'call_back')?.dueAt)).toBe(world.ms('2026-03-13T23:59:59'))
    expect(await crew.command(ticket.id, 'callback', { callId: taken.id, reached: true })).toMatchObject({
      status: 403,
    })
    const service = world.as('service')
    expect(await service.command(ticket.id, 'callback', { callId: taken.id, reached: true })).toMatchObject({
      status: 422,
      body: { code: 'missing-field', missing: ['satisfied', 'qualityRating'] },
    })
    await service.does(ticket.id, 'callback', { callId: taken.id, reached: false })
    await service.does(ticket.id, 'callback', { callId: taken.id, reached: false })
    await world.until('2026-03-05T10:00:00')
    const done = await service.does(ticket.id, 'callback', { callId: taken.id, reached: false })
    expect(done.state).toBe('archived')
  })
})

describe('a call that is no emergency', () => {
  it('not hot waits for the back-office check, is contacted the same day and closed within 72 hours', async () => {
    world = await aWorld({ start: '23:30:00' })
    const { ticket, incident } = await world
      .as('operator')
      .post<Taken>('/calls', {
        kind: 'not_hot',
        address: '一区 3 号楼 2 单元 501',
        callerPhone: '13711112222',
        position: place(600, 100),
      })
    expect(ticket).toMatchObject({ state: 'under_review', level: 'third', dueProvisional: true })
    expect(incident).toBeUndefined()
    expect(clock(ticket, 'dispatch')?.state).toBe('running')
    await world.until('23:35:00')
    await world.as('dispatcher').does(ticket.id, 'dispatch', { channel: 'system' })
    await world.until('23:40:00')
    const accepted = await world.as('officer-area-1').does(ticket.id, 'accept')
    // Ex 3.
    expect(msOf(clock(accepted, 'contact_reporter')?.dueAt)).toBe(world.ms('2026-01-15T23:59:59'))
    expect(msOf(accepted.dueAt)).toBe(world.ms('2026-01-18T23:40:00'))
    const unreached = await world
      .as('crew-area-1')
      .does(ticket.id, 'contact', { reached: false, note: '无人接听' })
    expect(clock(unreached, 'contact_reporter')?.state).toBe('running')
    const reached = await world
      .as('crew-area-1')
      .does(ticket.id, 'contact', { reached: true, note: '约明早' })
    expect(clock(reached, 'contact_reporter')?.state).toBe('met')
  })

  it('an extension has its own clock, counts from its approval and never hides the breach (Ex 3b)', async () => {
    world = await aWorld({ start: '12:00:00' })
    const { ticket } = await world
      .as('operator')
      .post<Taken>('/calls', {
        kind: 'not_hot',
        address: '一区',
        callerPhone: '13711112222',
        position: place(0, 0),
      })
    const [dispatcher, officer] = [world.as('dispatcher'), world.as('officer-area-1')]
    await dispatcher.does(ticket.id, 'dispatch', { channel: 'system' })
    const accepted = await officer.does(ticket.id, 'accept')
    const start = msOf(accepted.events.at(-1)?.occurredAt)
    const hour = (h: number) => new Date(start + h * HOUR).toISOString()
    await world.advance({ hours: 70 })
    const asked = await officer.does(ticket.id, 'request_extension', {
      reason: '待换热站检修',
      dueAt: hour(120),
    })
    const [extension] = asked.extensions
    expect(msOf(clock(asked, 'answer_extension')?.dueAt)).toBe(start + 94 * HOUR)
    await world.advance({ hours: 10 })
    await dispatcher.does(ticket.id, 'answer_extension', { extensionId: extension?.id, approve: true })
    const granted = await world
      .as('service')
      .does(ticket.id, 'confirm_extension', { extensionId: extension?.id })
    expect(msOf(granted.dueAt)).toBe(start + 120 * HOUR)
    expect(msOf(clock(granted, 'close_not_hot')?.dueAt)).toBe(start + 72 * HOUR)
    expect(msOf(clock(granted, 'close_not_hot')?.breachedAt)).toBe(start + 72 * HOUR)
    expect(msOf(clock(granted, 'close_not_hot')?.extendedDueAt)).toBe(start + 120 * HOUR)
    expect(clock(granted, 'answer_extension')?.state).toBe('met')
    await world.advance({ hours: 20 })
    const closed = await officer.does(ticket.id, 'submit', {
      result: '已供热',
      finalKind: 'not_hot',
      outcome: 'done',
    })
    expect(clock(closed, 'close_not_hot')).toMatchObject({ state: 'breached' })
    expect(msOf(clock(closed, 'close_not_hot')?.breachedAt)).toBe(start + 72 * HOUR)
  })

  it('a consultation is answered at once and archived, owing no call-back', async () => {
    world = await aWorld()
    const { ticket } = await world
      .as('operator')
      .post<Taken>('/calls', {
        kind: 'consult',
        contact: 'consult',
        address: '乌达区',
        callerPhone: '13700000000',
      })
    const archived = await world.as('operator').does(ticket.id, 'answer', { text: '采暖期至 4 月 15 日' })
    expect(archived.state).toBe('archived')
    expect(archived.clocks.filter(({ state }) => state === 'running' || state === 'breached')).toEqual([])
    expect(clock(archived, 'dispatch')?.state).toBe('met')
    expect(clock(archived, 'call_back')?.state).toBe('cancelled')
  })

  it('where the table cannot say who, the dispatcher names a department; against the table with a reason', async () => {
    world = await aWorld()
    const outside = (await call({ position: place(-9000, 0), kind: 'indoor_leak' })).ticket
    expect(outside).toMatchObject({ state: 'under_review', department: { rule: 'manual', id: 'dispatch' } })
    const dispatcher = world.as('dispatcher')
    expect(await dispatcher.command(outside.id, 'dispatch', { channel: 'system' })).toMatchObject({
      status: 422,
      body: { code: 'missing-field', missing: ['departmentId'] },
    })
    const sent = await dispatcher.does(outside.id, 'dispatch', {
      channel: 'phone',
      departmentId: 'area-1',
      callee: '值班室',
      answered: true,
    })
    expect(sent).toMatchObject({ state: 'dispatched', department: { id: 'area-1', rule: 'override' } })

    const { ticket } = await world
      .as('operator')
      .post<Taken>('/calls', {
        kind: 'not_hot',
        address: '一区',
        callerPhone: '13711112222',
        position: place(600, 100),
      })
    const wrong = { channel: 'system', departmentId: 'area-2' }
    expect(await dispatcher.command(ticket.id, 'dispatch', wrong)).toMatchObject({
      status: 422,
      body: { missing: ['reason'] },
    })
    const moved = await dispatcher.does(ticket.id, 'dispatch', { ...wrong, reason: '跨区供热' })
    expect(moved.department).toMatchObject({ id: 'area-2', rule: 'override', why: '跨区供热' })
  })
})
