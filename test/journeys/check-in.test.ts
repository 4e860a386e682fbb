import { afterEach, describe, expect, it } from 'vitest'
import type { AssetState } from '#contract/live.ts'
import { closedCover, openCover } from '../support/town.ts'
import { aWorld, msOf, type World } from '../support/world.ts'

let world: World
afterEach(() => world.close())
const tickets = () => world.as('dispatcher').tickets()

describe('a crew that opens a well on purpose', () => {
  it('checks in, and the open cover is explained; out again with the cover closed, nothing happens', async () => {
    world = await aWorld({ start: '10:00:00' })
    const crew = world.as('crew-network-ops')
    const { id } = await crew.post<{ id: string }>('/assets/w1/check-ins', { reason: '更换阀门' })
    const { live } = await crew.get<{ live: AssetState }>('/assets/w1')
    expect(live.checkIn).toMatchObject({ id, reason: '更换阀门' })
    await world.publish('dev-w1', openCover(world.now(), 3))
    await world.advance({ minutes: 30 })
    expect(await tickets()).toEqual([])
    await world.publish('dev-w1', closedCover(world.now()))
    await world.advance({ minutes: 5 })
    expect(await crew.ask('DELETE', `/assets/w1/check-ins/${id}`)).toMatchObject({ status: 204 })
    await world.advance({ hours: 1 })
    expect(await tickets()).toEqual([])
  })

  it('leaves with the cover still open: then it is an emergency after all', async () => {
    world = await aWorld({ start: '10:00:00' })
    const crew = world.as('crew-network-ops')
    const { id } = await crew.post<{ id: string }>('/assets/w1/check-ins', { reason: '更换阀门' })
    await world.publish('dev-w1', openCover(world.now(), 3))
    await world.until('10:30:00')
    await crew.ask('DELETE', `/assets/w1/check-ins/${id}`)
    await world.until('10:32:00')
    const [ticket, ...others] = await tickets()
    expect(others).toEqual([])
    expect(ticket).toMatchObject({ kind: 'cover', level: 'special', state: 'dispatched' })
    expect(msOf(ticket?.openedAt)).toBeGreaterThanOrEqual(world.ms('10:30:00'))
    expect(msOf(ticket?.openedAt)).toBeLessThanOrEqual(world.ms('10:31:00'))
  })

  it('whose check-in runs out explains no longer, also after a restart', async () => {
    world = await aWorld({ start: '10:00:00' })
    await world
      .as('crew-network-ops')
      .post('/assets/w1/check-ins', { reason: '巡检', until: '2026-01-15T11:00:00+08:00' })
    await world.publish('dev-w1', openCover(world.now(), 3))
    await world.until('10:40:00')
    await world.restart()
    expect(await tickets()).toEqual([])
    await world.until('11:02:00')
    const [ticket] = await tickets()
    expect(msOf(ticket?.openedAt)).toBeGreaterThanOrEqual(world.ms('11:00:00'))
    expect(msOf(ticket?.openedAt)).toBeLessThanOrEqual(world.ms('11:01:00'))
  })

  it('is not ended by the crew of another department, but by its own, and by dispatch', async () => {
    world = await aWorld({ start: '10:00:00' })
    const begin = () =>
      world.as('crew-network-ops').post<{ id: string }>('/assets/w1/check-ins', { reason: '更换阀门' })
    const end = (who: string, id: string) => world.as(who).ask('DELETE', `/assets/w1/check-ins/${id}`)
    const { id } = await begin()
    for (const who of ['crew-area-1', 'officer-area-1']) {
      expect(await end(who, id)).toMatchObject({ status: 403, body: { code: 'not-your-right' } })
    }
    await world.publish('dev-w1', openCover(world.now(), 3))
    await world.advance({ minutes: 30 })
    expect(await tickets()).toEqual([])
    for (const who of ['officer-network-ops', 'dispatcher', 'engineer', 'crew-network-ops']) {
      expect([who, (await end(who, (await begin()).id)).status]).toEqual([who, 204])
    }
  })

  it('ends within the longest time that the policy allows', async () => {
    world = await aWorld({ start: '10:00:00' })
    const until = (text: string) =>
      world.as('crew-network-ops').ask('POST', '/assets/w1/check-ins', { reason: '巡检', until: text })
    expect(await until('2026-01-15T22:00:01+08:00')).toMatchObject({
      status: 422,
      body: { code: 'bad-time', detailEn: expect.stringContaining('2026-01-15T22:00:00') as string },
    })
    expect((await until('2026-01-15T22:00:00+08:00')).status).toBe(201)
  })

  it('explains its own well only', async () => {
    world = await aWorld({ start: '10:00:00' })
    await world.as('crew-network-ops').post('/assets/w1/check-ins', { reason: '更换阀门' })
    await world.publish('dev-w2', openCover(world.now(), 3))
    await world.advance({ minutes: 2 })
    expect(await tickets()).toMatchObject([{ assetId: 'w2' }])
  })
})

describe('planned works at a well', () => {
  it('only annotate: the full special ticket opens, flagged (Ex 10)', async () => {
    world = await aWorld({ start: '2026-01-13T08:00:00' })
    const notice = await world
      .as('dispatcher')
      .post<{ late: boolean; leadSeconds: number }>('/notices', {
        kind: 'planned_works',
        text: 'w1 井阀门检修',
        documentId: '检字 12 号',
        assetIds: ['w1'],
        effectiveAt: '2026-01-15T08:00:00+08:00',
        until: '2026-01-15T18:00:00+08:00',
      })
    expect(notice).toMatchObject({ late: false, leadSeconds: 48 * 3600 })
    await world.until('2026-01-15T10:00:00')
    await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
    await world.publish('dev-w2', openCover(world.now() - 40_000, 3))
    await world.settle()
    const found = await tickets()
    expect(found.find(({ assetId }) => assetId === 'w1')).toMatchObject({
      kind: 'cover',
      level: 'special',
      state: 'dispatched',
      flags: ['works_registered'],
    })
    expect(found.find(({ assetId }) => assetId === 'w2')?.flags).toEqual([])
  })

  it('announced a second less than 48 hours before are flagged late (Ex 12)', async () => {
    world = await aWorld({ start: '2026-03-08T08:00:01' })
    const works = {
      kind: 'planned_works',
      text: '检修',
      documentId: '检字 13 号',
      assetIds: ['w1'],
      effectiveAt: '2026-03-10T08:00:00+08:00',
    }
    const late = await world.as('dispatcher').post<object>('/notices', works)
    expect(late).toMatchObject({ late: true, leadSeconds: 48 * 3600 - 1 })
    const intime = { ...works, receivedAt: '2026-03-08T08:00:00+08:00' }
    expect(await world.as('dispatcher').post<object>('/notices', intime)).toMatchObject({ late: false })
    expect(await world.as('operator').ask('POST', '/notices', works)).toMatchObject({ status: 403 })
    expect(await world.as('dispatcher').ask('POST', '/notices', { kind: 'planned_works' })).toMatchObject({
      status: 422,
      body: { code: 'missing-field' },
    })
  })
})
