import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Problem } from '#contract/problem.ts'
import { operationsOf } from '../support/operations.ts'
import { openCover, suspectAtW2 } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

let world: World
let paths: readonly string[]
/** The ticket and the incident whose rows are damaged; others of their kind are there. */
let ticketId: string
let incidentId: string

beforeAll(async () => {
  world = await aWorld()
  await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
  await suspectAtW2(world)
  await world
    .as('operator')
    .post('/calls', {
      kind: 'well_vent',
      address: 'b1 路口',
      assetId: 'b1',
      callerPhone: '13800000001',
      beganUnknown: '刚看到',
      scene: '井口冒白气',
    })
  await world
    .as('dispatcher')
    .post('/drills', { reason: '冬季前演练', assetIds: ['w3'], until: '2026-01-16T01:00:00+08:00' })
  await world
    .as('dispatcher')
    .post('/notices', {
      kind: 'fault_outage',
      text: '抢修',
      documentId: '检字 13 号',
      assetIds: ['w1'],
      effectiveAt: '2026-01-15T22:55:00+08:00',
    })
  await world
    .as('admin')
    .put('/roster', {
      departmentId: 'network-ops',
      contactId: 'a',
      members: [{ id: 'a', name: '张三', phone: '13800000002' }],
      groups: [{ id: 'crew', name: '抢修组', rung: 'crew', areaIds: [], needed: 1, hours: 'season' }],
      shifts: [],
      version: 0,
    })
  const tickets = await world.as('wall').tickets()
  ticketId = tickets.find(({ kind }) => kind === 'cover')?.id ?? ''
  incidentId = (await world.as('wall').incidents()).find(({ kind }) => kind === 'cover')?.id ?? ''
  expect(tickets.length).toBeGreaterThan(1)
  paths = await readable()
})
afterAll(() => world.close())

/** Every route that reads a list or reckons over one. */
async function readable(): Promise<readonly string[]> {
  const at = encodeURIComponent('2026-01-15T22:51:00+08:00')
  const query: Readonly<Record<string, string>> = { at, asset: 'w1', from: at, to: at.replace('22', '23') }
  return (await operationsOf(world)).flatMap(({ method, path, parameters }) => {
    if (method !== 'GET' || /\/live$|basemap|^\/$|\{/.test(path)) return []
    const asked = parameters.flatMap(({ name }) => {
      const value = query[name]
      return value === undefined ? [] : [`${name}=${value}`]
    })
    return [`${path}?${asked.join('&')}`]
  })
}

const AT_ONCE = 10

async function broken(): Promise<readonly string[]> {
  const headers = { cookie: await world.as('admin').cookie() }
  const found: string[] = []
  for (let from = 0; from < paths.length; from += AT_ONCE) {
    const asked = paths.slice(from, from + AT_ONCE).map(async (path) => {
      const { status, body } = await fetch(world.url() + path, { headers })
      await body?.cancel()
      if (status >= 429) found.push(`${path} → ${String(status)}`)
    })
    await Promise.all(asked)
  }
  return found
}

const troubles = async () => {
  const answer = (await (await fetch(`${world.url()}/readyz`)).json()) as {
    troubles: { part: string; text: { zh: string; en: string } }[]
  }
  return answer.troubles.filter(({ part }) => part === 'database').map(({ text }) => text)
}

/** What the statements before have damaged, with a copy of what stood there. */
let damaged: readonly string[] = []

/** Mends what was damaged before, executes these statements, and starts the server again. */
async function damage(...statements: readonly string[]): Promise<void> {
  await world.restart(() => {
    const db = new DatabaseSync(join(world.dir, 'wellwatch.sqlite'))
    // Whoever damages a file asks no trigger.
    for (const { name } of db.prepare(`select name from sqlite_master where type = 'trigger'`).all())
      db.exec(`drop trigger ${String(name)}`)
    for (const table of damaged)
      db.exec(`update ${table} set json = coalesce((select json from whole_${table}
        where place = ${table}.rowid), json); drop table whole_${table}`)
    damaged = statements.map((statement) => / (\w+) set /.exec(statement)?.[1] ?? '')
    for (const [n, statement] of statements.entries()) {
      const table = damaged[n] ?? ''
      // Others of the table go on changing meanwhile.
      const where = / where .*/.exec(statement)?.[0] ?? ''
      db.exec(`create table whole_${table} as select rowid as place, json from ${table}${where}`)
      expect([statement, db.prepare(statement).run().changes]).not.toEqual([statement, 0])
    }
    db.close()
    return Promise.resolve()
  })
}

const TEXTS = ["'{'", "'null'", "'{}'"]
const set = (path: string, value: string): string => `json_set(json, '$.${path}', ${value})`

describe('one ticket that is no longer what was written', () => {
  it.each([
    ...TEXTS,
    set('openedAt', "'zzz'"),
    set('openedAt', '1e300'),
    set('state', "'lost'"),
    set('kind', "'lost'"),
    set('handlings', "json('[]')"),
    set('handlings', "json('{}')"),
    set('handlings[0].arrivedAt', "'soon'"),
    `json_remove(json, '$.department')`,
    set('levels', 'null'),
  ])('that says %s takes no list with it, is told, and is refused alone with a sentence', async (json) => {
    await damage(`update ticket set json = ${json} where id = '${ticketId}'`)
    expect(await broken()).toEqual([])
    const ids = (await world.as('wall').tickets()).map(({ id }) => id)
    expect(ids).not.toContain(ticketId)
    expect(ids.length).toBeGreaterThan(0)
    const one = await world.as('dispatcher').ask<Problem>('GET', `/tickets/${ticketId}`)
    expect(one).toMatchObject({ status: 500, body: { code: 'internal' } })
    expect(one.body.detail).toContain(ticketId)
    expect(one.body.detailEn).toContain('cannot be read')
    expect(await troubles()).toMatchObject([{ zh: expect.stringContaining('1 条记录') as string }])
    // The others' deadlines go on, and the clock is not held up by what can never be swept.
    await world.advance({ minutes: 1 })
  })

  it.each(TEXTS)(
    'an event of it that says %s leaves it out, and no part of its history is shown',
    async (json) => {
      await damage(`update ticket_event set json = ${json} where ticket_id = '${ticketId}' and version = 1`)
      expect(await broken()).toEqual([])
      expect((await world.as('wall').tickets()).map(({ id }) => id)).not.toContain(ticketId)
      expect(await troubles()).toHaveLength(1)
    },
  )
})

describe('one incident', () => {
  it.each([
    ...TEXTS,
    set('members', 'null'),
    set('members[0].joinedAt', "'zzz'"),
    set('state', "'lost'"),
    set('eventAt', '-1e300'),
  ])('that says %s takes no list with it, and is told', async (json) => {
    await damage(`update incident set json = ${json} where id = '${incidentId}'`)
    expect(await broken()).toEqual([])
    const ids = (await world.as('wall').incidents()).map(({ id }) => id)
    expect(ids).not.toContain(incidentId)
    expect(ids.length).toBeGreaterThan(0)
    expect(await world.as('wall').ask('GET', `/incidents/${incidentId}`)).toMatchObject({ status: 500 })
    expect(await troubles()).toHaveLength(1)
  })

  it.each(["'zzz'", '8.64e15', '-1', 'null', "json('{}')"])(
    'that is put aside until %s is put aside no longer, and is shown',
    async (until) => {
      await damage(`update incident set json = ${set('shelvedUntil', until)}`)
      expect(await broken()).toEqual([])
      const shown = (await world.as('wall').incidents()).find(({ id }) => id === incidentId)
      expect([shown?.id, shown?.shelvedUntil]).toEqual([incidentId, undefined])
      expect(await troubles()).toEqual([])
    },
  )
})

describe('rows of every other table', () => {
  const TABLES = ['call', 'outbox', 'incident_version', 'notice', 'drill', 'duty_plan']

  it.each(TEXTS)('that say %s darken no view, and the server starts and goes on', async (json) => {
    await damage(...TABLES.map((table) => `update ${table} set json = ${json}`))
    expect(await broken()).toEqual([])
    await world.advance({ minutes: 1 })
    expect((await world.as('wall').tickets()).length).toBeGreaterThan(1)
    expect(await troubles()).toHaveLength(1)
  })
})

it('rows that have been mended are shown again, and the trouble is over', async () => {
  await damage()
  expect(await broken()).toEqual([])
  expect((await world.as('wall').tickets()).map(({ id }) => id)).toContain(ticketId)
  expect((await world.as('wall').incidents()).map(({ id }) => id)).toContain(incidentId)
  expect(await troubles()).toEqual([])
})
