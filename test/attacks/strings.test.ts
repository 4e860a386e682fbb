import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NAME_PATTERN } from '#contract/names.ts'
import type { Problem } from '#contract/problem.ts'
import type { DutyPlan } from '#contract/duty.ts'
import { darkViews } from '../support/dark-views.ts'
import { operationsOf, type Operation } from '../support/operations.ts'
import { RESERVED_IDS, STRANGE_STRINGS } from '../support/strange-strings.ts'
import { openCover, suspectAtW2 } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
let operations: readonly Operation[]
let ids: Readonly<Record<'first' | 'second' | 'ticket' | 'handover', string>>

const until = '2026-01-16T02:00:00+08:00'
const PLAN: DutyPlan = {
  departmentId: 'network-ops',
  contactId: 'a',
  members: [{ id: 'a', name: '张三', phone: '13800000001' }],
  groups: [{ id: 'crew', name: '抢修组', rung: 'crew', areaIds: [], needed: 1, hours: 'season' }],
  shifts: [],
}

beforeAll(async () => {
  world = await aWorld()
  await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
  await suspectAtW2(world)
  await world.as('engineer').put('/network/mappings/w1', { layers: [] })
  await world.as('admin').put('/roster', { ...PLAN, version: 0 })
  const desk = world.as('dispatcher')
  const [first, second] = await desk.incidents()
  const [ticket] = await desk.tickets()
  const handover = await desk.post<{ id: string }>('/handovers', {})
  await desk.post('/drills', { reason: '演练', assetIds: ['w3'], until })
  ids = { first: first?.id ?? '', second: second?.id ?? '', ticket: ticket?.id ?? '', handover: handover.id }
  for (const who of ['admin', 'engineer', 'operator']) await world.as(who).cookie()
  operations = await operationsOf(world)
})
afterAll(() => world.close())

type Body = Readonly<Record<string, unknown>>

/** Who sends what to every route that writes: a body that would be taken, but for what is replaced in it. */
function writes(): readonly (readonly [who: string, method: string, path: string, body: Body])[] {
  const { first, second, ticket, handover } = ids
  const place = { kind: 'cover', contact: 'help', address: '解放路', assetId: 'w1', position: [111, 40] }
  const caller = {
    callerName: '李女士',
    callerPhone: '13800000001',
    beganUnknown: '刚看到',
    scene: '井盖移位',
  }
  const device = { signals: ['chamber_c'], intervalS: 60, power: 'wired' }
  const duty = { departmentId: 'network-ops', groupId: 'crew' }
  const person = { roles: ['crew'], departmentId: 'network-ops', password: 'a-long-enough-one' }
  const hours = {
    seasonDefault: { from: '10-15', to: '04-15' },
    workingHours: { from: '08:30', to: '17:30' },
  }
  const limits = { phoneTestMinutes: 15, overloadHours: 24, overloadWeekHours: 84 }
  const settings = { city: 'wuda', seasons: {}, ...hours, ...limits }
  const swap = { kind: 'swap', first: {}, second: {}, note: 'x' }
  return [
    ['admin', 'POST', '/users', { id: 'night-desk', name: '夜班', ...person }],
    ['admin', 'DELETE', '/users/{id}', {}],
    ['admin', 'DELETE', '/users/{id}/sessions', {}],
    ['admin', 'PUT', '/roster', { ...PLAN, version: 1, since: until }],
    ['admin', 'PUT', '/roster/settings', { version: 0, settings }],
    ['admin', 'POST', '/roster/import', { format: 'wellwatch-rosters-1', exportedAt: until, plans: [PLAN] }],
    ['admin', 'POST', '/roster/preview', { ...PLAN, version: 1 }],
    ['dispatcher', 'POST', '/roster/overrides', { ...duty, from: until, to: until, ...swap }],
    ['dispatcher', 'DELETE', '/roster/overrides/{id}', {}],
    [
      'dispatcher',
      'POST',
      '/roster/phone-tests',
      { ...duty, memberId: 'a', turnFrom: until, answered: true },
    ],
    ['admin', 'POST', '/devices', { id: 'dev-x', assetId: 'w1', ...device }],
    ['admin', 'PUT', '/devices/dev-w3', { id: 'dev-w3', assetId: 'w3', ...device }],
    ['admin', 'PUT', '/devices/{id}', { id: 'dev-w3', assetId: 'w3', ...device }],
    ['admin', 'DELETE', '/devices/{id}', {}],
    ['admin', 'POST', '/devices/{id}/report', {}],
    ['admin', 'POST', '/devices/{id}/secret', { secret: 'x' }],
    ['admin', 'DELETE', '/devices/{id}/secret', {}],
    ['admin', 'POST', '/devices/secrets', { ids: ['dev-w3'] }],
    ['engineer', 'PATCH', '/assets/w3', { reason: '更正', name: '热力井', address: '路口' }],
    ['engineer', 'PATCH', '/assets/{id}', { reason: '更正' }],
    ['engineer', 'PUT', '/network/mappings/{name}', { layers: [{ layer: 'x', kind: 'well' }], crs: 'x' }],
    ['engineer', 'POST', '/backtests', { from: until, to: until, settings: {} }],
    ['engineer', 'DELETE', '/backtests/{id}', {}],
    ['dispatcher', 'POST', `/incidents/${second}/shelve`, { until, reason: 'x' }],
    ['dispatcher', 'POST', `/incidents/${first}/merge`, { into: second, reason: 'x' }],
    ['dispatcher', 'POST', `/incidents/${first}/split`, { memberIds: ['x'], reason: 'x' }],
    ['dispatcher', 'POST', '/incidents/{id}/acknowledge', {}],
    ['dispatcher', 'POST', `/tickets/${ticket}/commands`, { command: 'note', version: 1, text: 'x' }],
    ['dispatcher', 'POST', '/tickets/{id}/commands', { command: 'note', version: 1, text: 'x' }],
    ['dispatcher', 'POST', `/tickets/${ticket}/contingency/{item}`, { done: true, note: 'x' }],
    ['operator', 'POST', '/calls', { ...place, ...caller, externalNumber: 'TX-1' }],
    [
      'operator',
      'POST',
      '/calls/external',
      { number: 'TX-2', kind: 'cover', address: '解放路', phone: '13800000002' },
    ],
    ['dispatcher', 'POST', '/assets/w3/check-ins', { reason: '检修', until }],
    ['dispatcher', 'POST', '/assets/{id}/check-ins', { reason: '检修', until }],
    ['dispatcher', 'DELETE', '/assets/w3/check-ins/{checkInId}', {}],
    [
      'dispatcher',
      'POST',
      '/notices',
      { kind: 'tariff', text: '调价', documentId: '发改 1 号', effectiveAt: until },
    ],
    [
      'dispatcher',
      'POST',
      '/notices',
      {
        kind: 'tariff',
        text: '检修',
        assetIds: ['w1'],
        areaIds: ['area-1'],
        effectiveAt: until,
        documentId: 'x',
      },
    ],
    ['dispatcher', 'POST', '/notifications/{id}/retry', {}],
    ['admin', 'POST', '/handovers', { departmentId: 'network-ops', note: 'x' }],
    ['dispatcher', 'POST', `/handovers/${handover}/sign`, { side: 'outgoing', note: 'x' }],
    ['dispatcher', 'POST', '/handovers/{id}/sign', { side: 'outgoing' }],
    ['dispatcher', 'POST', '/drills', { reason: '演练', assetIds: ['w3'], until }],
    ['dispatcher', 'DELETE', '/drills/{id}', {}],
    ['dispatcher', 'PUT', '/me/password', { current: 'x', next: 'x' }],
    ['admin', 'DELETE', '/walls/{id}', {}],
  ]
}

type Path = readonly (string | number)[]

/** Where a body has a text. */
function textsIn(value: unknown, at: Path = []): readonly Path[] {
  if (typeof value === 'string') return [at]
  if (Array.isArray(value)) return value.flatMap((each, n) => textsIn(each, [...at, n]))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, each]) => textsIn(each, [...at, key]))
}
function replaced(value: unknown, [step, ...rest]: Path, by: string): unknown {
  if (step === undefined) return by
  if (Array.isArray(value)) return value.map((each, n) => (n === step ? replaced(each, rest, by) : each))
  const fields = value as Body
  return { ...fields, [step]: replaced(fields[step], rest, by) }
}

/** Names that nobody can read, and ids that somebody was given though the system keeps them. */
function badNameIn(text: string): string | undefined {
  if (!text.startsWith('{')) return undefined
  let found: string | undefined
  JSON.parse(text, (key, value: unknown) => {
    const isName = ['name', 'id', 'assetId', 'departmentId', 'documentId', 'deviceId'].includes(key)
    if (isName && typeof value === 'string' && value !== '' && !NAME_PATTERN.test(value))
      found = `${key} ${JSON.stringify(value)}`
    return value
  })
  return found
}

/** What of a route that writes is replaced: a place of its path, by every fourth string, or one text of its body after the other. */
function* replacements(path: string, body: Body): Generator<readonly [path: string, body: Body | undefined]> {
  const hole = /\{\w+\}/
  const places = textsIn(body)
  for (const [n, text] of STRANGE_STRINGS.entries()) {
    const place = places[n % Math.max(1, places.length)]
    if (!hole.test(path)) {
      if (place !== undefined) yield [path, replaced(body, place, text) as Body]
      // What a path cannot carry the client itself refuses.
    } else if ((n + path.length) % 4 === 0 && text.isWellFormed() && !/^\.\.?$/.test(text)) {
      yield [path.replace(hole, encodeURIComponent(text)), undefined]
    }
  }
}

/** More at once wait their turn, and an import is refused while another runs. */
const AT_ONCE = 4

describe('N21 strange strings in every text of every route that writes', () => {
  it('are taken as text or refused with a sentence in both languages', { timeout: 60_000 }, async () => {
    const wrong: string[] = []
    let asked = 0
    let taken = 0
    for (const [who, method, path, body] of writes()) {
      const todo = replacements(path, body)
      const work = async (): Promise<void> => {
        for (const [at, changed = body] of todo) {
          const sent = method === 'DELETE' ? undefined : changed
          const { status, body: said } = await world
            .as(who)
            .ask<Problem & { bad?: unknown }>(method, at, sent)
          asked += 1
          if (status < 300) taken += 1
          // The lines of an import are judged one by one.
          const isSaid = status < 300 || said.bad !== undefined || (said.detail && said.detailEn)
          if (status >= 500 || !isSaid)
            wrong.push(`${method} ${at} ${JSON.stringify(sent)} → ${String(status)}`)
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
    }
    expect(wrong).toEqual([])
    expect(asked).toBeGreaterThan(5000)
    expect(taken).toBeGreaterThan(500)
  })

  it('leave no view dark, and no name or id that nobody can read', async () => {
    const filled = (path: string): string =>
      path
        .replace('/incidents/{id}', `/incidents/${ids.first}`)
        .replace('/tickets/{id}', `/tickets/${ids.ticket}`)
        .replaceAll(/\{\w+\}/g, 'w1')
    expect(await darkViews(world, operations, filled, badNameIn)).toEqual([])
  })

  it('give nobody and nothing an id that the system acts under', async () => {
    const admin = world.as('admin')
    const { items: people } = await admin.get<{ items: { id: string }[] }>('/users')
    const { items: devices } = await admin.get<{ items: { id: string }[] }>('/devices')
    const given = [...people, ...devices].map(({ id }) => id.normalize('NFKC').toLowerCase())
    expect(given.filter((id) => RESERVED_IDS.includes(id))).toEqual([])
  })

  it.each(['\u200b', '\u3164', '\u034f\ufe0f', '\u2800\u00a0', '\u{e0061}'])(
    'a reason, an address and a number of the other system that read as blank (%o) are missing',
    async (text) => {
      const desk = world.as('dispatcher')
      const status = async (path: string, body: object): Promise<number> =>
        (await desk.ask('POST', path, body)).status
      expect([400, 422]).toContain(await status(`/incidents/${ids.first}/shelve`, { until, reason: text }))
      expect(await status('/assets/w3/check-ins', { until, reason: text })).toBe(422)
      expect(await status('/drills', { until, assetIds: ['w3'], reason: text })).toBe(422)
      const caller = { callerPhone: '13800000001', beganUnknown: '刚看到', scene: '井盖移位' }
      for (const field of ['address', 'scene', 'beganUnknown']) {
        const call = { kind: 'cover', contact: 'help', address: '解放路', ...caller, [field]: text }
        expect([field, await status('/calls', call)]).toEqual([field, 422])
      }
      const line = { number: text, kind: 'cover', address: '解放路', phone: '13800000001' }
      expect(await world.as('operator').ask('POST', '/calls/external', line)).toMatchObject({ status: 422 })
    },
  )
})
