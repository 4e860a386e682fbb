import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { TicketView } from '#contract/ticket.ts'
import { raiseIncidents } from '../../server/flows/incident/raise-incidents.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { at, coverFinding } from '../support/desk-world.ts'
import { aDeskApp, type DeskApp } from './desk-app.ts'

let app: DeskApp
beforeEach(async () => {
  app = await aDeskApp('08:00:00')
})
afterEach(async () => {
  await app.close()
})

const begin = (more: object = {}, who: 'dispatcher' | 'operator' | 'engineer' = 'dispatcher') =>
  app.as(who, 'POST /drills', { reason: '冬季前演练', assetIds: ['W1'], ...more })
const call = async (more: object = {}) =>
  (await app.as('operator', 'POST /calls', aCall({ assetId: 'W1', ...more }))) as {
    status: number
    body: Taken & { code?: string }
  }
const sense = (assetId: string, when: string) =>
  raiseIncidents(app.world.services, [coverFinding(assetId, when)])
const tickets = async (): Promise<readonly TicketView[]> =>
  (await app.as('wall', 'GET /tickets?state=open')).body.items

describe('a drill (A45)', () => {
  it('is shown while it is on, until its time or until it is ended', async () => {
    const { status, body } = await begin({ until: '2026-01-15T09:00:00+08:00' })
    expect(status).toBe(201)
    expect(body).toMatchObject({ since: '2026-01-15T08:00:00+08:00', until: '2026-01-15T09:00:00+08:00' })
    const second = (await begin({ assetIds: ['W2'] })).body
    const shown = async () => (await app.as('wall', 'GET /drills')).body.items.length
    expect(await shown()).toBe(2)
    await app.world.advance(at('09:00:00'))
    expect(await shown()).toBe(1)
    expect((await app.as('dispatcher', `DELETE /drills/${second.id}`)).status).toBe(200)
    expect(await shown()).toBe(0)
    expect((await app.as('dispatcher', `DELETE /drills/${second.id}`)).status).toBe(404)
  })

  it.each<[string, object, number]>([
    ['without a reason', { reason: ' ' }, 422],
    ['of the whole network at once', { assetIds: [] }, 422],
    ['of a facility that is not there', { assetIds: ['W9'] }, 422],
    ['for a week', { until: '2026-01-22T08:00:00+08:00' }, 422],
    ['that is over', { until: '2026-01-15T08:00:00+08:00' }, 422],
    ['without a time zone', { until: '2026-01-15T09:00:00' }, 400],
  ])('%s is refused', async (_name, more, status) => {
    expect((await begin(more)).status).toBe(status)
  })

  it('is begun by dispatchers and engineers', async () => {
    expect((await begin({}, 'engineer')).status).toBe(201)
    expect((await begin({}, 'operator')).status).toBe(403)
  })

  it('stamps what its facilities report, and nothing else', async () => {
    await begin()
    await sense('W1', '08:00:00')
    await sense('W2', '08:00:00')
    expect((await tickets()).map(({ assetId, exercise }) => [assetId, exercise]).sort()).toEqual([
      ['W1', true],
      ['W2', false],
    ])
    const { items } = (await app.as('wall', 'GET /incidents?state=open')).body
    expect(items.filter(({ exercise }: { exercise: boolean }) => exercise)).toHaveLength(1)
    const alarms = app.world.published.filter(({ event }) => event === 'alarm')
    expect(JSON.stringify(alarms)).toContain('【演练】特级')
  })

  it('leaves a real report at the same cover real, in an incident of its own', async () => {
    await begin()
    await sense('W1', '08:00:00')
    const real = await call()
    expect(real.body).toMatchObject({ joined: false, ticket: { exercise: false, state: 'dispatched' } })
    const rehearsed = await call({ exercise: true, callerPhone: '13900000000' })
    expect(rehearsed.body).toMatchObject({
      joined: true,
      ticket: { exercise: true },
      call: { exercise: true },
    })
    const join = { exercise: true, join: real.body.incident?.id, callerPhone: '13900000001' }
    expect((await call(join)).status).toBe(422)
  })

  it('never merges with a real incident', async () => {
    await begin()
    await sense('W1', '08:00:00')
    const real = await call()
    const { items } = (await app.as('wall', 'GET /incidents?state=open')).body
    const drill = items.find(({ exercise }: { exercise: boolean }) => exercise)
    const merged = await app.as('dispatcher', `POST /incidents/${drill.id}/merge`, {
      into: real.body.incident?.id,
      reason: 'x',
    })
    expect(merged.status).toBe(422)
  })

  it('is over for the next report of its facility', async () => {
    await begin({ until: '2026-01-15T09:00:00+08:00' })
    await app.world.advance(at('09:00:00'))
    await sense('W1', '09:00:00')
    expect((await tickets()).map(({ exercise }) => exercise)).toEqual([false])
    expect((await call({ exercise: true })).body.code).toBe('guard-refused')
  })

  it('makes a rehearsal of what was confirmed while it was on, however late that is judged', async () => {
    const { body: drill } = await begin({ until: '2026-01-15T10:00:00+08:00' })
    await app.world.advance(at('08:30:00'))
    expect((await app.as('dispatcher', `DELETE /drills/${drill.id}`)).status).toBe(200)
    await app.world.advance(at('11:00:00'))
    await sense('W1', '08:29:59')
    expect((await tickets()).map(({ exercise }) => exercise)).toEqual([true])
    await sense('W1', '08:30:00')
    expect((await tickets()).map(({ exercise }) => exercise).sort()).toEqual([false, true])
  })

  it('hides no cover that was open before it began', async () => {
    await begin()
    const before = coverFinding('W1', '08:00:20', { eventAt: at('07:59:50') })
    await raiseIncidents(app.world.services, [before])
    expect((await tickets()).map(({ exercise }) => exercise)).toEqual([false])
  })

  it('enters no figure, and no caller is told of it', async () => {
    await begin()
    await sense('W1', '08:00:00')
    await call({ exercise: true })
    expect((await app.as('wall', 'GET /kpi?by=kind')).body).toMatchObject({
      total: { tickets: 0, sensorLead: { count: 0 } },
      groups: [],
    })
    const near = (await app.as('operator', 'GET /calls/matches?assetId=W1&kind=cover')).body
    expect(near.items).toEqual([])
  })

  it('gives a report of people’s times when it is over, with its own tickets alone', async () => {
    const { body: drill } = await begin({ until: '2026-01-15T10:00:00+08:00' })
    await sense('W1', '08:00:00')
    await sense('W2', '08:00:00')
    const [ticket] = (await tickets()).filter(({ exercise }) => exercise)
    const step = async (who: 'officer' | 'crew', command: string, more: object = {}) => {
      const { version } = (await app.as(who, `GET /tickets/${ticket?.id ?? ''}`)).body
      const did = await app.as(who, `POST /tickets/${ticket?.id ?? ''}/commands`, {
        command,
        version,
        ...more,
      })
      expect([command, did.status, did.body.detail]).toEqual([command, 200, undefined])
    }
    await app.world.advance(at('08:04:00'))
    await step('officer', 'accept')
    await app.world.advance(at('08:06:30'))
    await step('officer', 'assign', { crewIds: ['crew-network-ops'] })
    await app.world.advance(at('09:00:00'))
    await step('crew', 'arrive', { scene: '演练', heatAffected: false, expectedMinutes: 30 })
    expect((await app.as('dispatcher', `DELETE /drills/${drill.id}`)).status).toBe(200)

    const { body: report } = await app.as('wall', `GET /drills/${drill.id}/report`)
    expect(report.drill).toMatchObject({
      reason: '冬季前演练',
      isOn: false,
      endedAt: '2026-01-15T09:00:00+08:00',
    })
    expect(report.tickets).toHaveLength(1)
    const [told] = report.tickets
    expect(told).toMatchObject({ number: ticket?.number, kind: 'cover', openedAt: ticket?.openedAt })
    expect(
      told.steps.map(({ step: name, minutes }: { step: string; minutes: number }) => [name, minutes]),
    ).toEqual([
      ['accept', 4],
      ['assign', 6.5],
      ['arrive', 60],
    ])
    expect(told.clocks.map(({ key, late }: { key: string; late: boolean }) => [key, late])).toContainEqual([
      'arrive',
      true,
    ])
    const { items } = (await app.as('wall', 'GET /drills?all=true')).body
    expect(items).toMatchObject([{ id: drill.id, isOn: false }])
    expect((await app.as('wall', 'GET /drills/nowhere/report')).status).toBe(404)
  })
})
