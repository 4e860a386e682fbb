import { afterEach, describe, expect, it } from 'vitest'
import type { TicketView } from '#contract/ticket.ts'
import { openCover, suspectAtW2 } from '../support/town.ts'
import { aWorld, msOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())
const clock = (ticket: TicketView, key: string) => ticket.clocks.find((each) => each.key === key)

async function suspectedLeakAtW2(): Promise<TicketView> {
  await suspectAtW2(world)
  const tickets = await world.as('dispatcher').tickets()
  expect(tickets).toHaveLength(1)
  return tickets[0] as TicketView
}

describe('the dispatcher’s gate', () => {
  it('holds a suspected leak with dispatch running until the dispatcher sends it out', async () => {
    world = await aWorld()
    const ticket = await suspectedLeakAtW2()
    expect(ticket).toMatchObject({ kind: 'well_vent', state: 'under_review', level: 'first' })
    expect(clock(ticket, 'dispatch')?.state).toBe('running')
    expect(clock(ticket, 'accept')?.state).toBe('pending')
    expect(clock(ticket, 'repair_vent')).toMatchObject({ state: 'running' })
    expect((await world.as('wall').incidents())[0]).toMatchObject({ state: 'suspected' })

    await world.advance({ minutes: 11 })
    const waiting = await world.as('dispatcher').ticket(ticket.id)
    expect(clock(waiting, 'dispatch')).toMatchObject({ state: 'breached', severity: 'amber' })
    expect(await world.as('operator').command(ticket.id, 'dispatch', { channel: 'system' })).toMatchObject({
      status: 403,
      body: { code: 'not-your-right' },
    })
    const phone = await world.as('dispatcher').command(ticket.id, 'dispatch', { channel: 'phone' })
    expect(phone).toMatchObject({
      status: 422,
      body: { code: 'missing-field', clause: '第六条2', missing: ['callee', 'answered'] },
    })
    const sent = await world
      .as('dispatcher')
      .does(ticket.id, 'dispatch', { channel: 'phone', callee: '管网运行部值班室', answered: true })
    expect(sent).toMatchObject({
      state: 'dispatched',
      department: { id: 'network-ops', rule: 'primary_in_service' },
    })
    expect(clock(sent, 'dispatch')).toMatchObject({ state: 'breached' })
    expect(clock(sent, 'arrive')).toMatchObject({ state: 'running' })
  })

  it('opens by itself when steam follows: the same ticket goes out', async () => {
    world = await aWorld()
    const ticket = await suspectedLeakAtW2()
    await world.publish('dev-w2', { ts: world.now(), values: { chamber_c: 72, humidity_pct: 99.5 } })
    await world.advance({ minutes: 2 })
    const [sent, ...others] = await world.as('dispatcher').tickets()
    expect(others).toEqual([])
    expect(sent).toMatchObject({ id: ticket.id, state: 'dispatched', openedAt: ticket.openedAt })
    expect((await world.as('wall').incidents())[0]).toMatchObject({ state: 'confirmed' })
  })

  it('opens when a resident calls about it', async () => {
    world = await aWorld()
    const ticket = await suspectedLeakAtW2()
    await world
      .as('operator')
      .post('/calls', {
        kind: 'well_vent',
        address: 'w2 路口',
        assetId: 'w2',
        callerPhone: '13812345678',
        beganUnknown: '刚看到',
        scene: '井口冒白气',
      })
    expect(await world.as('dispatcher').tickets()).toMatchObject([{ id: ticket.id, state: 'dispatched' }])
  })

  it('is also where a wrongly routed ticket comes back, its received clocks going on (A28)', async () => {
    world = await aWorld()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const [{ id } = { id: '' }] = await world.as('dispatcher').tickets()
    await world.until('22:55:00')
    const back = await world.as('officer-network-ops').does(id, 'reject', { reason: '不属本部门' })
    expect(back.state).toBe('under_review')
    expect(clock(back, 'repair_cover')).toMatchObject({ state: 'running' })
    await world.until('22:58:00')
    const again = await world
      .as('dispatcher')
      .does(id, 'dispatch', { channel: 'system', departmentId: 'area-1', reason: '现场确认属一区' })
    expect(msOf(clock(again, 'accept')?.dueAt)).toBe(world.ms('23:08:00'))
    expect(msOf(clock(again, 'repair_cover')?.dueAt)).toBe(world.ms('2026-01-16T02:50:00'))
    expect(again.clocks.filter(({ key }) => key === 'accept').map(({ state }) => state)).toEqual([
      'running',
      'cancelled',
    ])
    expect(await world.as('officer-network-ops').command(id, 'accept')).toMatchObject({ status: 403 })
    expect((await world.as('officer-area-1').does(id, 'accept')).state).toBe('accepted')
  })

  it('an unfounded report needs a visit and evidence; its repair clock is cancelled, not met (Ex 13)', async () => {
    world = await aWorld()
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.settle()
    const [{ id } = { id: '' }] = await world.as('dispatcher').tickets()
    const [officer, crew] = [world.as('officer-network-ops'), world.as('crew-network-ops')]
    await officer.does(id, 'accept')
    await world.until('23:15:00')
    const survey = { surveyAt: '2026-01-15T23:14:00+08:00', informed: '调度员' }
    expect(await crew.command(id, 'unfounded', { ...survey, evidenceIds: ['nowhere'] })).toMatchObject({
      status: 422,
      body: { code: 'missing-field', missing: ['arrivedAt'] },
    })
    await crew.does(id, 'arrive', { scene: '井盖完好', heatAffected: false, expectedMinutes: 5 })
    expect(await crew.command(id, 'unfounded', survey)).toMatchObject({
      status: 422,
      body: { code: 'missing-field', missing: ['evidenceIds'] },
    })
    expect(await crew.command(id, 'unfounded', { ...survey, evidenceIds: ['nowhere'] })).toMatchObject({
      status: 422,
    })
    const photo = new FormData()
    const png = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    photo.append('file', new Blob([png], { type: 'image/png' }), '井盖.png')
    const attached = await crew.post<{ id: string }>('/attachments', photo)
    const submitted = await crew.does(id, 'unfounded', { ...survey, evidenceIds: [attached.id] })
    expect(submitted.state).toBe('submitted')
    expect(clock(submitted, 'arrive')?.state).toBe('met')
    expect(clock(submitted, 'repair_cover')?.state).toBe('cancelled')
    const seen = await world.as('dispatcher').command(id, 'review', { pass: true })
    expect(seen).toMatchObject({ status: 422, body: { missing: ['seenAbnormal'] } })
    const closed = await world.as('dispatcher').does(id, 'review', { pass: true, seenAbnormal: true })
    expect(closed.state).toBe('archived')
    expect(clock(closed, 'repair_cover')?.state).toBe('cancelled')
  })
})
