import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { aPlan } from '../domain/duty/book.ts'
import { aDeskApp, type DeskApp } from './desk-app.ts'

let app: DeskApp
beforeEach(async () => {
  app = await aDeskApp('12:00:00')
})
afterEach(() => app.close())

const { departmentId, contactId, members, groups, shifts } = aPlan()
const PLAN = { departmentId, contactId, members, groups, shifts }
const A_DAY = 'from=2026-01-15T12:00:00%2B08:00&to=2026-01-16T12:00:00%2B08:00&department=network-ops'

interface Span {
  readonly from: string
  readonly to: string
  readonly on: readonly { readonly memberId: string; readonly kind: string }[]
}
const told = (spans: readonly Span[]) =>
  spans.map(({ from, on }) => [from.slice(5, 16), ...on.map(({ memberId, kind }) => `${memberId} ${kind}`)])

describe('GET /roster/timeline', () => {
  it('tells the turns of a stretch, exceptions included, and the hours that lack', async () => {
    await app.as('officer', 'PUT /roster', { ...PLAN, version: 0 })
    await app.as('officer', 'POST /roster/overrides', {
      kind: 'override',
      departmentId,
      groupId: 'crew',
      add: 'd',
      from: '2026-01-16T02:00:00+08:00',
      to: '2026-01-16T04:00:00+08:00',
    })
    const { status, body } = await app.as('wall', `GET /roster/timeline?${A_DAY}`)
    expect(status).toBe(200)
    const turns = told(body.spans).map(([at, ...who]) => [at, who.length])
    expect(turns).toEqual([
      ['01-15T12:00', 1],
      ['01-15T20:00', 1],
      ['01-16T02:00', 2],
      ['01-16T04:00', 1],
      ['01-16T08:00', 1],
    ])
    expect(told(body.spans)[2]).toContain('d override')
    expect(body).toMatchObject({ neededHours: 24, coveredHours: 24, gaps: [] })
  })

  it('refuses a stretch without end', async () => {
    const { status } = await app.as('wall', 'GET /roster/timeline?to=2027-01-16T12:00:00%2B08:00')
    expect(status).toBe(400)
  })
})

describe('POST /roster/preview', () => {
  it('shows the gaps of a draft and keeps nothing', async () => {
    await app.as('officer', 'PUT /roster', { ...PLAN, version: 0 })
    const nobody = { ...PLAN, shifts: [], version: 1 }
    const { status, body } = await app.as('officer', `POST /roster/preview?${A_DAY}`, nobody)
    expect(status).toBe(200)
    expect(body).toMatchObject({ neededHours: 24, coveredHours: 0, gaps: [{ needed: 1, present: 0 }] })
    expect((await app.as('wall', `GET /roster/timeline?${A_DAY}`)).body.coveredHours).toBe(24)
  })

  it('says what is wrong with a draft; only those who may edit get so far', async () => {
    const odd = { ...PLAN, contactId: 'nobody', version: 0 }
    expect(await app.as('officer', 'POST /roster/preview', odd)).toMatchObject({
      status: 422,
      body: { code: 'bad-value' },
    })
    expect(await app.as('crew', 'POST /roster/preview', odd)).toMatchObject({ status: 403 })
  })
})
