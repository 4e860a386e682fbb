import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Kpi } from '#contract/kpi.ts'
import type { TicketView } from '#contract/ticket.ts'
import { raiseIncidents } from '../../server/flows/incident/raise-incidents.ts'
import { fillFacts } from '../../server/flows/decisions/show-figures.ts'
import { aCall } from '../support/calls.ts'
import { at, coverFinding, PEOPLE } from '../support/desk-world.ts'
import { aPlan } from '../domain/duty/book.ts'
import { aDeskApp, type DeskApp } from './desk-app.ts'

let app: DeskApp
beforeEach(async () => {
  app = await aDeskApp('08:00:00')
})
afterEach(async () => {
  await app.close()
})

const call = async (more: object = {}): Promise<TicketView> =>
  (await app.as('operator', 'POST /calls', aCall({ assetId: 'W1', ...more }))).body.ticket
const does = async (who: keyof typeof PEOPLE, id: string, command: string, fields: object = {}) => {
  const { version } = (await app.as(who, `GET /tickets/${id}`)).body
  const done = await app.as(who, `POST /tickets/${id}/commands`, { command, version, ...fields })
  expect([command, done.status]).toEqual([command, 200])
}
const kpi = async (query = ''): Promise<Kpi> => (await app.as('wall', `GET /kpi?${query}`)).body

/** From the call to the archive. */
async function closeCover(more: object = {}): Promise<string> {
  const { id, calls } = await call(more)
  await does('officer', id, 'accept')
  await does('officer', id, 'assign', { crewIds: [PEOPLE.crew.id] })
  await does('crew', id, 'arrive', { scene: '半开', heatAffected: false, expectedMinutes: 30 })
  await does('crew', id, 'safety', { measures: ['警示标识'] })
  await does('crew', id, 'repair', { text: '复位' })
  await does('crew', id, 'submit', { result: '复位', finalKind: 'cover', outcome: 'done' })
  await does('dispatcher', id, 'review', { pass: true })
  await does('dispatcher2', id, 'callback', {
    callId: calls[0]?.id,
    reached: true,
    satisfied: true,
    qualityRating: 5,
  })
  return id
}

describe('GET /kpi', () => {
  it('counts what is closed and what is open alike', async () => {
    await closeCover()
    await call({ assetId: 'W2', join: 'new', callerPhone: '13900000000' })
    await app.world.advance(at('13:00:00'))
    const { total } = await kpi()
    expect(total.tickets).toBe(2)
    expect(total.clocks.find(({ key }) => key === 'repair_cover')).toMatchObject({
      onTime: 1,
      overdue: 1,
      share: 0.5,
    })
    expect(total.satisfied).toEqual({ count: 1, of: 1, share: 1 })
  })

  it('gives the hours of the season’s rosters that nobody covered, as far as they are past', async () => {
    expect((await kpi()).roster).toMatchObject({
      neededHours: 0,
      withoutRoster: expect.arrayContaining(['network-ops']),
    })
    const { departmentId, contactId, members, groups } = aPlan()
    const plan = { departmentId, contactId, members, groups, shifts: [], version: 0 }
    expect((await app.as('officer', 'PUT /roster', plan)).status).toBe(200)
    await app.world.advance(at('13:00:00'))
    expect((await kpi()).roster).toMatchObject({ neededHours: 5, coveredHours: 0, missingHours: 5 })
    const csv = String((await app.as('wall', 'GET /kpi.csv')).body)
    expect(csv).toContain('采暖期值班人时,第八条3(7),0,5,0,')
  })

  it('counts the alarms beside the tickets', async () => {
    expect((await kpi()).alarms).toMatchObject({ count: 0, mostInTenMinutes: 0, standing: 0 })
    await raiseIncidents(app.world.services, [coverFinding('W1', '08:00:00')])
    expect((await kpi()).alarms).toMatchObject({ count: 1, mostInTenMinutes: 1, standing: 1, floods: 0 })
    expect((await kpi()).alarms.byLevel).toEqual({ special: 1, first: 0, second: 0, third: 0 })
  })

  it('splits by department, kind and level, with names and without empty groups', async () => {
    await closeCover()
    await call({ kind: 'consult', contact: 'consult', assetId: 'W1', callerPhone: '13900000001' })
    const groups = async (by: string) => ((await kpi(`by=${by}`)).groups ?? []).map(({ id }) => id)
    expect(await groups('department')).toEqual(['network-ops'])
    expect(await groups('kind')).toEqual(['cover', 'consult'])
    expect(await groups('level')).toEqual(['special', 'third'])
    expect((await kpi('by=department')).groups?.[0]?.name.zh).toBe('管网运行部')
  })

  it('forgets a ticket that is reopened until it is closed again', async () => {
    const id = await closeCover()
    expect((await kpi()).total).toMatchObject({ tickets: 1, open: 0 })
    await does('dispatcher', id, 'reopen', { reason: '不满意' })
    expect((await kpi()).total).toMatchObject({ tickets: 1, open: 1 })
  })

  it('fills what an earlier version has not kept, once', async () => {
    const id = await closeCover()
    const before = (await kpi('by=kind')).groups
    const { services } = app.world
    const forgotten = await services.store.transact(async (repositories) => {
      await repositories.figures.drop(id)
      return true
    })
    expect(forgotten).toBe(true)
    expect((await kpi()).total.tickets).toBe(0)
    await fillFacts(services)
    await fillFacts(services)
    expect((await kpi('by=kind')).groups).toEqual(before)
  })

  it('speaks of tickets opened in the period, the last date included', async () => {
    await closeCover()
    expect((await kpi('from=2026-01-15&to=2026-01-15')).total.tickets).toBe(1)
    expect((await kpi('from=2026-01-16&to=2026-01-20')).total.tickets).toBe(0)
    expect(await kpi('from=2026-01-15&to=2026-01-15')).toMatchObject({
      from: '2026-01-15T00:00:00+08:00',
      to: '2026-01-16T00:00:00+08:00',
    })
  })

  it.each(['from=yesterday', 'to=1', 'from=2026-02-01&to=2026-01-01', 'from=1900-01-01', 'by=colour'])(
    'refuses %s',
    async (query) => {
      expect((await app.as('wall', `GET /kpi?${query}`)).status).toBe(400)
    },
  )

  it('knows by how much a sensor was ahead of the first caller', async () => {
    const { services } = app.world
    await raiseIncidents(services, [coverFinding('W1', '08:00:00')])
    await app.world.advance(at('08:25:00'))
    await call()
    await call({ callerPhone: '13900000002' })
    const { total } = await kpi()
    expect(total.sensorLead).toMatchObject({ count: 1, medianMinutes: 25 })
    expect(total).toMatchObject({ tickets: 1, sensorFirst: { count: 1, of: 1 } })
  })

  it('counts notices that gave 48 hours; a fault owes none', async () => {
    const notice = (kind: string, effectiveAt: string) =>
      app.as('dispatcher', 'POST /notices', { kind, effectiveAt, text: '检修', documentId: 'd1' })
    await notice('planned_works', '2026-01-17T08:00:00+08:00')
    await notice('planned_works', '2026-01-17T07:59:59+08:00')
    await notice('fault_outage', '2026-01-15T08:00:00+08:00')
    expect((await kpi()).notices).toEqual({ count: 1, of: 2, share: 0.5 })
  })

  it('is for people who have signed in', async () => {
    expect((await app.as(undefined, 'GET /kpi')).status).toBe(401)
    expect((await app.as(undefined, 'GET /kpi.csv')).status).toBe(401)
  })
})

describe('GET /kpi.csv', () => {
  it('is a table that a spreadsheet opens as Chinese, a file by its period', async () => {
    await closeCover()
    const response = await app.http.inject({
      method: 'GET',
      url: '/api/v1/kpi.csv?from=2026-01-01&to=2026-01-31&by=department',
      headers: { authorization: 'Bearer wall' },
    })
    expect(response.headers['content-disposition']).toBe(
      'attachment; filename="kpi-2026-01-01-2026-01-31.csv"',
    )
    expect([...response.rawPayload.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    const lines = response.body.slice(1).split('\r\n')
    expect(lines[0]).toBe('分组,名称,指标,条款,数量,计入,比例,说明')
    expect(lines).toContain('network-ops,管网运行部,井盖修复 按时率,第八条3(5),1,1,1,"超时 0,未结已超时 0"')
  })
})
