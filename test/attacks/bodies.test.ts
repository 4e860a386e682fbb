import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { IncidentView } from '#contract/incident.ts'
import type { Problem } from '#contract/problem.ts'
import type { TicketView } from '#contract/ticket.ts'
import { darkViews } from '../support/dark-views.ts'
import { operationsOf, type Operation, type ShownSchema } from '../support/operations.ts'
import { openCover, suspectAtW2 } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
let incidents: readonly IncidentView[]
let ticket: TicketView
let operations: readonly Operation[]

beforeAll(async () => {
  world = await aWorld()
  await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
  await suspectAtW2(world)
  await world.as('engineer').put('/network/mappings/w1', { layers: [] })
  incidents = await world.as('dispatcher').incidents()
  ticket = (await world.as('dispatcher').tickets())[0] as TicketView
  operations = await operationsOf(world)
})
afterAll(() => world.close())

const first = () => incidents[0]?.id ?? ''
const second = () => incidents[1]?.id ?? ''

function filled(path: string): string {
  return path
    .replace('/incidents/{id}', `/incidents/${first()}`)
    .replace('/tickets/{id}', `/tickets/${ticket.id}`)
    .replace('{item}', 'barrier')
    .replaceAll(/\{\w+\}/g, 'w1')
}

describe('the route says what is done, never the body', () => {
  const until = '2026-01-16T02:00:00+08:00'

  it.each([
    ['shelve', { until: 8.64e15 }],
    ['shelve', { until: 'zzz' }],
    ['shelve', { until }],
    ['acknowledge', {}],
    ['split', { memberIds: 7 }],
    ['split', { memberIds: {} }],
  ])('a merge whose body says it were “%s” %o is refused', async (kind, more) => {
    const body = { into: second(), reason: 'x', kind, ...more }
    const { status } = await world.as('dispatcher').ask('POST', `/incidents/${first()}/merge`, body)
    expect(status).toBe(400)
    expect((await world.as('wall').incidents()).map(({ shelvedUntil }) => shelvedUntil)).toEqual(
      incidents.map(() => undefined),
    )
  })

  it.each([
    ['merge', { into: {}, reason: 'x' }],
    ['merge', { into: 5, reason: 'x' }],
    ['merge', []],
    ['split', { memberIds: {}, reason: 'x' }],
    ['split', { memberIds: 5, reason: 'x' }],
    ['split', { memberIds: [{}], reason: 'x' }],
    ['split', { kind: 'merge', memberIds: ['x'], into: 5, reason: 'x' }],
    ['shelve', { until: {}, reason: 'x' }],
  ])('“%s” with %o is a mistake of the asker', async (route, body) => {
    const { status } = await world.as('dispatcher').ask('POST', `/incidents/${first()}/${route}`, body)
    expect([400, 404, 422]).toContain(status)
  })

  it.each([undefined, {}, { reason: 'x' }, { memberIds: [], reason: 'x' }])(
    'a split without members (%o) is told what is missing, in both languages',
    async (body) => {
      const answer = await world.as('dispatcher').ask<Problem>('POST', `/incidents/${first()}/split`, body)
      expect(answer).toMatchObject({ status: 422, body: { code: 'missing-field' } })
      expect(answer.body.missing).toContain('memberIds')
      expect(answer.body.detail).toContain('须填写')
      expect(answer.body.detailEn).toContain('fill in')
    },
  )
})

describe('an instant that no calendar of ours has', () => {
  const ODD = [
    '9999-12-31T23:59:59-23:59',
    '+275760-09-13T00:00:00.000Z',
    '0000-01-01T00:00:00Z',
    '1999-12-31T23:59:59+08:00',
    '2101-01-01T00:00:00+08:00',
    '2026-02-30T00:00:00+08:00',
    '2026-01-15T25:00:00+08:00',
    '2026-01-16T02:00:00',
    'zzz',
    '',
    8.64e15,
  ]

  it.each(ODD)('%o shelves no incident, and the sentence says what an instant is', async (until) => {
    const body = { until, reason: 'x' }
    const answer = await world.as('dispatcher').ask<Problem>('POST', `/incidents/${first()}/shelve`, body)
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
    expect(answer.body.detail).toMatch(/until/)
    expect(answer.body.detailEn).toMatch(/until/)
  })

  it.each(ODD.map(String))('“%s” in any query of a time is a 4xx', async (text) => {
    const value = encodeURIComponent(text)
    const wrong: string[] = []
    for (const { method, path, parameters } of operations) {
      if (method !== 'GET') continue
      for (const { name } of parameters) {
        if (!['at', 'from', 'to'].includes(name)) continue
        const asked = `${filled(path)}?asset=w1&${name}=${value}`
        const cookie = await world.as('admin').cookie()
        const { status } = await fetch(world.url() + asked, { headers: { cookie } })
        // The figures take a date alone, readings take milliseconds.
        const isFine = status === 200 && path.endsWith('/readings') && /^\d+$/.test(text)
        if (!isFine && (status < 400 || status >= 500)) wrong.push(`${asked} → ${String(status)}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it.each(['0001-01-01', '1999-12-31', '2101-01-01', '9999-12-31', '2026-02-30'])(
    'the date %s is none for figures',
    async (date) => {
      for (const query of [`from=${date}`, `to=${date}`]) {
        const { status } = await world.as('dispatcher').ask('GET', `/kpi?${query}`)
        expect([query, status]).toEqual([query, 400])
      }
    },
  )
})

describe('hours of duty that no year has', () => {
  const settings = {
    city: 'wuda',
    seasons: {},
    seasonDefault: { from: '10-15', to: '04-15' },
    workingHours: { from: '08:30', to: '17:30' },
    phoneTestMinutes: 15,
    overloadHours: 24,
    overloadWeekHours: 84,
  }

  it.each([
    { seasonDefault: { from: '02-30', to: '02-31' } },
    { seasonDefault: { from: '02-29', to: '04-31' } },
    { seasons: { wuda: { 2026: { from: '2036-10-15', to: '2037-04-15' } } } },
    { seasons: { wuda: { 2026: { from: '2026-02-30', to: '2026-03-15' } } } },
    { seasons: { wuda: { 26: { from: '2026-10-15', to: '2027-04-15' } } } },
    { seasons: { wuda: { 26: 5 } } },
    { seasons: { 'WUDA BIG': { x: 'y' } } },
    { seasons: { wuda: { 9999: { from: '9999-10-15', to: '9999-12-31' } } } },
    { workingHours: { from: '17:30', to: '08:30' } },
  ])('%o are refused, and duty and figures answer on', async (wrong) => {
    const body = { version: 0, settings: { ...settings, ...wrong } }
    const { status } = await world.as('admin').ask('PUT', '/roster/settings', body)
    expect([400, 422]).toContain(status)
    const file = { format: 'wellwatch-rosters-1', settings: body.settings, plans: [] }
    expect([400, 422]).toContain((await world.as('admin').ask('POST', '/roster/import', file)).status)
    expect(await darkViews(world, operations, filled)).toEqual([])
  })
})

/** What no field is made for. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  8.64e15,
  '',
  ' ',
  '\u0000',
  '\ud800',
  'zzz',
  '\u202e',
  '9999-12-31T23:59:59-23:59',
  '2026-02-30',
  [],
  [null],
  [[]],
  {},
  { length: 5 },
  { kind: 'refusal', code: 'internal' },
  ['constructor'],
  'constructor',
]
/** Fields that some other route, or the store, knows. */
const EXTRA: readonly Record<string, unknown>[] = [
  { kind: 'shelve', until: 8.64e15 },
  { id: 'x', version: -1, actor: { id: 'admin' }, at: 'zzz', state: 'closed' },
  { toString: 1, constructor: 1, toJSON: 1 },
  { by: 5, since: 'zzz', enteredAt: null, members: 5 },
]

/** A body as the schema asks for it, so that one field alone is wrong. */
function sample(schema: ShownSchema = {}): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.anyOf !== undefined) return sample(schema.anyOf.at(-1))
  if (schema.format === 'date-time') return '2026-01-16T00:30:00+08:00'
  if (schema.properties !== undefined)
    return Object.fromEntries(Object.entries(schema.properties).map(([name, each]) => [name, sample(each)]))
  switch (schema.type) {
    case 'array':
      return Array.isArray(schema.items) ? schema.items.map(() => 1) : [sample(schema.items as ShownSchema)]
    case 'integer':
    case 'number':
      return schema.minimum ?? 1
    case 'boolean':
      return true
    case 'object':
      return {}
    default:
      return 'w1'
  }
}

function bodiesOf(schema: ShownSchema): readonly unknown[] {
  const whole = sample(schema)
  if (typeof whole !== 'object' || whole === null) return [whole, ...STRANGE]
  const fields = Object.keys(whole)
  return [
    whole,
    [],
    5,
    'x',
    [whole],
    ...fields.flatMap((field) => STRANGE.map((value) => ({ ...whole, [field]: value }))),
    ...EXTRA.map((more) => ({ ...whole, ...more })),
  ]
}

/** Stops where the person may not: rights come first. */
async function sendAll(
  { method, path, who }: { readonly method: string; readonly path: string; readonly who: string },
  bodies: readonly unknown[],
  wrong: string[],
): Promise<readonly number[]> {
  const headers = { cookie: await world.as(who).cookie(), 'content-type': 'application/json' }
  const statuses: number[] = []
  for (const body of bodies) {
    const sent = JSON.stringify(body)
    const response = await fetch(world.url() + filled(path), { method, headers, body: sent })
    await response.text()
    statuses.push(response.status)
    if (response.status >= 500) wrong.push(`${who} ${method} ${path} ${sent} → ${String(response.status)}`)
    if (response.status === 403) break
  }
  return statuses
}

describe('every route that writes', () => {
  it(
    'takes bodies of wrong types, foreign fields and odd instants for mistakes, and no view goes dark',
    { timeout: 60_000 },
    async () => {
      const wrong: string[] = []
      let asked = 0
      for (const { method, path, body = {} } of operations) {
        // The clock would carry the whole world along; signing in has its own tests.
        if (method === 'GET' || method === 'HEAD' || /\/clock$|\/session$/.test(path)) continue
        for (const who of ['dispatcher', 'admin', 'engineer']) {
          const statuses = await sendAll({ method, path, who }, bodiesOf(body), wrong)
          asked += statuses.length
          if (statuses[0] !== 403) break
        }
        wrong.push(
          ...(await darkViews(world, operations, filled)).map((view) => `after ${method} ${path}: ${view}`),
        )
      }
      expect(asked).toBeGreaterThan(1000)
      expect(wrong).toEqual([])
    },
  )
})
