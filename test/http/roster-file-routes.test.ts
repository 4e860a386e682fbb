import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aPlan } from '../domain/duty/book.ts'
import { aDeskApp, type DeskApp } from './desk-app.ts'

let app: DeskApp
beforeEach(async () => {
  app = await aDeskApp('12:00:00')
})
afterEach(() => app.close())

const { departmentId, contactId, members, groups, shifts } = aPlan()
const OPS = { departmentId, contactId, members, groups, shifts }
const AREA = { ...OPS, departmentId: 'area-1' }
type Who = Parameters<DeskApp['as']>[0]
const file = (...plans: object[]) => ({ format: 'wellwatch-rosters-1', plans })
const send = (who: Who, body: object, query = '') => app.as(who, `POST /roster/import${query}`, body)
const exported = (who: Who) => app.as(who, 'GET /roster/export')

describe('rosters as a file', () => {
  it('are shown first, taken whole, and the same file again changes nothing', async () => {
    const first = await send('dispatcher', file(OPS, AREA), '?dryRun=true')
    expect(first).toMatchObject({
      status: 200,
      body: { dryRun: true, added: ['network-ops', 'area-1'], changed: [], same: [], settings: 'absent' },
    })
    expect((await exported('dispatcher')).body.plans).toEqual([])
    expect((await send('dispatcher', file(OPS, AREA))).body).toMatchObject({ dryRun: false })
    const { body } = await exported('dispatcher')
    expect(body.plans).toEqual([
      { ...OPS, version: 1 },
      { ...AREA, version: 1 },
    ])
    const again = await send('dispatcher', body)
    expect(again.body).toMatchObject({
      added: [],
      changed: [],
      same: ['network-ops', 'area-1'],
      settings: 'same',
    })
    expect((await exported('dispatcher')).body.plans[0].version).toBe(1)
  })

  it('are refused whole with every mistake by department', async () => {
    const nobody = { ...OPS, contactId: 'nobody' }
    const unknown = { ...OPS, departmentId: 'no-such' }
    const without = { ...AREA, connected: false }
    const { status, body } = await send('dispatcher', file(nobody, unknown, without, AREA))
    expect([status, body.code]).toEqual([422, 'bad-value'])
    expect(
      body.errors.map(({ featureId, path }: { featureId: string; path: string }) => [featureId, path]),
    ).toEqual([
      ['network-ops', ''],
      ['no-such', ''],
      ['area-1', 'responsibleId'],
      ['area-1', ''],
    ])
    expect((await exported('dispatcher')).body.plans).toEqual([])
  })

  it('do not overwrite what somebody has changed since they were exported', async () => {
    await send('dispatcher', file(OPS))
    const { body } = await exported('dispatcher')
    const fewer = { ...OPS, members: members.slice(0, 3), version: 1 }
    expect((await app.as('officer', 'PUT /roster', fewer)).status).toBe(200)
    expect(await send('dispatcher', body)).toMatchObject({ status: 409, body: { code: 'stale-version' } })
  })

  it('are for who may edit them: an officer’s file holds the own department', async () => {
    await send('dispatcher', file(OPS, AREA))
    const own = await exported('officer')
    expect(own.body.plans.map((plan: { departmentId: string }) => plan.departmentId)).toEqual(['network-ops'])
    expect(await send('officer', file(AREA))).toMatchObject({ status: 403 })
    for (const who of ['crew', 'wall', 'engineer', 'operator'] as const) {
      expect((await exported(who)).status).toBe(403)
    }
    const hours = { ...own.body, settings: { ...own.body.settings, phoneTestMinutes: 5 } }
    expect(await send('officer', hours)).toMatchObject({ status: 403 })
    expect((await send('dispatcher', hours)).body).toMatchObject({ settings: 'changed' })
  })

  it('sent twice under one key are taken once; something else is no file', async () => {
    const key = { 'idempotency-key': 'k1' }
    const first = await app.as('dispatcher', 'POST /roster/import', file(OPS), key)
    const second = await app.as('dispatcher', 'POST /roster/import', file(OPS), key)
    expect(second.body).toEqual(first.body)
    expect(await send('dispatcher', { plans: [] })).toMatchObject({
      status: 422,
      body: { missing: ['format'] },
    })
    expect(await send('dispatcher', { format: 'x', plans: [] })).toMatchObject({ status: 400 })
  })
})
