import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aPlan, ROTATION } from '../domain/duty/book.ts'
import { at } from '../support/desk-world.ts'
import { aDeskApp, type DeskApp } from './desk-app.ts'

let app: DeskApp
beforeEach(async () => {
  app = await aDeskApp('12:00:00')
})
afterEach(() => app.close())

const { departmentId, contactId, members, groups, shifts } = aPlan()
const PLAN = { departmentId, contactId, members, groups, shifts }
const put = (who: Parameters<DeskApp['as']>[0], body: object) => app.as(who, 'PUT /roster', body)

async function aRoster(): Promise<void> {
  expect((await put('officer', { ...PLAN, version: 0 })).status).toBe(200)
}
async function onDuty(who: Parameters<DeskApp['as']>[0], query = '') {
  const { body } = await app.as(who, `GET /roster/on-duty?department=network-ops${query}`)
  return body.items as { memberId: string; phone: string; why: { sentence: object }; phoneTest?: object }[]
}

describe('/roster', () => {
  it('is put by version, and shown with season, settings and the next change', async () => {
    await aRoster()
    const { status, body } = await app.as('wall', 'GET /roster')
    expect(status).toBe(200)
    expect(body).toMatchObject({
      at: '2026-01-15T12:00:00+08:00',
      season: { inSeason: true, from: '2025-10-15T00:00:00+08:00', to: '2026-04-16T00:00:00+08:00' },
      nextChange: '2026-01-15T20:00:00+08:00',
    })
    const own = body.departments.find(({ id }: { id: string }) => id === 'network-ops')
    expect(own).toMatchObject({ version: 1, plan: { shifts: [{ id: 'rota' }] } })
    expect((await put('officer', { ...PLAN, version: 0 })).body).toMatchObject({ code: 'stale-version' })
  })

  it('names the clause and what is missing; rights come first', async () => {
    expect(await put('crew', {})).toMatchObject({ status: 403 })
    expect(await put('officer', { ...PLAN, departmentId: 'area-1', version: 0 })).toMatchObject({
      status: 403,
    })
    expect(await put(undefined, {})).toMatchObject({ status: 401 })
    const without = { departmentId, contactId, members, shifts }
    expect((await put('officer', { ...without, version: 0 })).body).toMatchObject({
      status: 422,
      code: 'missing-field',
      clause: '第五条',
      missing: ['groups'],
    })
  })

  it('sets seasons for the desk and the administrator', async () => {
    const { body } = await app.as('wall', 'GET /roster')
    const seasons = { wuda: { '2025': { from: '2025-10-01', to: '2026-01-15' } } }
    const change = { version: body.settingsVersion, settings: { ...body.settings, seasons } }
    expect(await app.as('officer', 'PUT /roster/settings', change)).toMatchObject({ status: 403 })
    expect(await app.as('admin', 'PUT /roster/settings', change)).toMatchObject({ status: 200 })
    const after = await app.as('wall', 'GET /roster?at=2026-01-16T00:00:00%2B08:00')
    expect(after.body.season.inSeason).toBe(false)
  })
})

describe('/roster/on-duty', () => {
  it('says who and why, by rung, area and instant, numbers whole for those who may see them', async () => {
    await aRoster()
    const [one] = await onDuty('officer', '&rung=crew&at=2026-01-15T21:00:00+08:00')
    expect(one?.phone).toMatch(/^138\d{8}$/)
    expect(one?.why.sentence).toEqual({ zh: '班次 rota,至 01-16 08:00', en: 'shift rota, until 01-16 08:00' })
    for (const who of ['wall', 'engineer', 'otherOfficer'] as const) {
      expect((await onDuty(who))[0]?.phone).toMatch(/^138\*{4}\d{4}$/)
    }
    for (const who of ['operator', 'dispatcher', 'crew', 'admin'] as const) {
      expect((await onDuty(who))[0]?.phone).toMatch(/^138\d{8}$/)
    }
    expect(await app.as('wall', 'GET /roster/on-duty?at=yesterday')).toMatchObject({ status: 400 })
  })
})

describe('/roster/gaps', () => {
  it('shows ahead what nobody covers, and who carries how much', async () => {
    const shifts24 = [{ ...ROTATION, teams: [['a'], []] }]
    expect((await put('officer', { ...PLAN, shifts: shifts24, version: 0 })).status).toBe(200)
    const span = 'from=2026-01-16T08:00:00%2B08:00&to=2026-01-18T08:00:00%2B08:00'
    const { body } = await app.as('wall', `GET /roster/gaps?department=network-ops&${span}`)
    expect(body).toMatchObject({ neededHours: 48, coveredHours: 24, missingHours: 24 })
    expect(body.gaps).toHaveLength(2)
    expect(body.gaps[0]).toMatchObject({ hours: 12, needed: 1, present: 0, clause: '第八条3(7)' })
    expect(body.loads).toMatchObject([{ memberId: 'a', hours: 24, overload: [] }])
    const endless = 'from=2026-01-01T00:00:00%2B08:00&to=2036-01-01T00:00:00%2B08:00'
    expect(await app.as('wall', `GET /roster/gaps?${endless}`)).toMatchObject({ status: 400 })
  })
})

describe('/roster/overrides', () => {
  it('puts one in the place of another, once, and takes it back', async () => {
    await aRoster()
    const [holder] = await onDuty('officer', '&at=2026-01-15T14:00:00+08:00')
    const body = {
      kind: 'override',
      departmentId,
      groupId: 'crew',
      remove: holder?.memberId,
      add: 'd',
      from: '2026-01-15T14:00:00+08:00',
      to: '2026-01-15T16:00:00+08:00',
      reason: '请假',
    }
    const key = { 'idempotency-key': 'one' }
    const first = await app.as('officer', 'POST /roster/overrides', body, key)
    expect(first.status).toBe(201)
    const again = await app.as('officer', 'POST /roster/overrides', body, key)
    expect(again.body).toEqual(first.body)
    const [instead] = await onDuty('officer', '&at=2026-01-15T15:00:00+08:00')
    expect(instead).toMatchObject({ memberId: 'd', why: { kind: 'override', insteadOf: holder?.memberId } })
    const shown = await app.as('wall', 'GET /roster')
    expect(shown.body.exceptions).toHaveLength(1)
    const id = String(first.body.ids[0])
    expect(await app.as('otherOfficer', `DELETE /roster/overrides/${id}`)).toMatchObject({ status: 403 })
    expect(await app.as('officer', `DELETE /roster/overrides/${id}`)).toMatchObject({ status: 204 })
    const [back] = await onDuty('officer', '&at=2026-01-15T15:00:00+08:00')
    expect(back?.memberId).toBe(holder?.memberId)
  })

  it('takes swaps and temporary schedules, and refuses what is malformed', async () => {
    await aRoster()
    const turns = ['2026-01-16T08:00:00+08:00', '2026-01-16T20:00:00+08:00', '2026-01-17T08:00:00+08:00']
    const [a] = await onDuty('officer', `&at=${turns[0] ?? ''}`)
    const [b] = await onDuty('officer', `&at=${turns[1] ?? ''}`)
    const swap = {
      kind: 'swap',
      departmentId,
      groupId: 'crew',
      first: { memberId: a?.memberId, from: turns[0], to: turns[1] },
      second: { memberId: b?.memberId, from: turns[1], to: turns[2] },
    }
    expect((await app.as('officer', 'POST /roster/overrides', swap)).body.ids).toHaveLength(2)
    const temporary = {
      kind: 'temporary',
      departmentId,
      groupId: 'crew',
      from: turns[1],
      to: turns[2],
      parts: [{ memberId: 'd', from: turns[1], to: turns[2] }],
    }
    expect(await app.as('officer', 'POST /roster/overrides', temporary)).toMatchObject({ status: 201 })
    expect((await onDuty('officer', `&at=${turns[1] ?? ''}`))[0]).toMatchObject({ memberId: 'd' })
    expect(await app.as('officer', 'POST /roster/overrides', { kind: 'swap' })).toMatchObject({ status: 422 })
    const noZone = { ...temporary, from: '2026-01-18T08:00:00' }
    expect((await app.as('officer', 'POST /roster/overrides', noZone)).status).toBeGreaterThanOrEqual(400)
  })
})

describe('/roster/phone-tests', () => {
  it('lists what is owed with its state, and takes results', async () => {
    await aRoster()
    await app.world.advance(at('20:20:00'))
    const list = 'GET /roster/phone-tests?department=network-ops'
    const owed = (await app.as('operator', list)).body.items
    // The one on duty when the roster began to hold, and the one who came at 20:00.
    expect(owed.map(({ state }: { state: string }) => state).slice(0, 2)).toEqual(['missed', 'missed'])
    const missed = owed[1]
    expect(missed).toMatchObject({
      turnFrom: '2026-01-15T20:00:00+08:00',
      dueAt: '2026-01-15T20:15:00+08:00',
    })
    const { groupId, memberId, turnFrom } = missed
    const body = { departmentId, groupId, memberId, turnFrom, answered: true, note: '畅通' }
    expect(await app.as('wall', 'POST /roster/phone-tests', body)).toMatchObject({ status: 403 })
    expect(await app.as('operator', 'POST /roster/phone-tests', body)).toMatchObject({
      status: 201,
      body: { state: 'late', note: '畅通', by: 'operator' },
    })
    expect((await onDuty('operator'))[0]?.phoneTest).toMatchObject({ state: 'late' })
  })
})
