import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runAudit } from '../../server/cli/audit.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { openCover } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

interface Access {
  readonly at: string
  readonly who: string
  readonly address?: string
  readonly action: string
  readonly subject: string
  readonly status: number
}

let world: World
let copies: string
beforeAll(async () => {
  world = await aWorld()
  copies = mkdtempSync(join(tmpdir(), 'audit-'))
})
afterAll(async () => {
  await world.close()
  rmSync(copies, { recursive: true, force: true })
})

async function aWorkedTicket(): Promise<string> {
  await world.publish('dev-w1', openCover(world.now() - 40_000, 3))
  await world.settle()
  const [ticket] = await world.as('dispatcher').tickets()
  const id = ticket?.id ?? ''
  await world.as('officer-network-ops').does(id, 'accept')
  await world.as('dispatcher').does(id, 'note', { text: '已电话告知' })
  return id
}
const accesses = async (query = '') =>
  (await world.as('admin').get<{ items: Access[] }>(`/audit?limit=200${query}`)).items

async function audited(dataDir = world.dir, head?: string): Promise<{ good: boolean; said: string[] }> {
  const said: string[] = []
  const asked = { dataDir, list: false, ...(head === undefined ? {} : { head }) }
  return { good: await runAudit(asked, (line) => said.push(line)), said }
}
const headOf = (line = ''): string => /head ([0-9a-f]{64})/.exec(line)?.[1] ?? ''

let copied = 0
/** Somebody with a copy of the file in his hands, who knows of the triggers. */
function tamperedWith(sql: string, table: string): string {
  const dir = join(copies, String((copied += 1)))
  mkdirSync(dir)
  const file = join(dir, 'wellwatch.sqlite')
  const live = new DatabaseSync(join(world.dir, 'wellwatch.sqlite'))
  live.exec(`vacuum into '${file}'`)
  live.close()
  const db = new DatabaseSync(file)
  db.exec('pragma foreign_keys = off')
  for (const change of ['update', 'delete']) db.exec(`drop trigger ${table}_no_${change}`)
  db.exec(sql)
  db.close()
  return dir
}

describe('N33 the audit', () => {
  it('knows who did what from where and when, refusals and failed sign-ins too', async () => {
    const id = await aWorkedTicket()
    await world.as('crew-area-1').command(id, 'arrive')
    await fetch(`${world.url()}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'admin', password: 'guess' }),
    })
    await world.as('engineer').ask('POST', '/devices/dev-w1/secret')
    const rows = await accesses()
    const of = (who: string) => rows.filter((row) => row.who === who)
    expect(of('officer-network-ops')).toMatchObject([
      { action: 'POST /api/v1/tickets/:id/commands', subject: `/api/v1/tickets/${id}/commands`, status: 200 },
      { action: 'sign_in', status: 200, address: '127.0.0.1' },
    ])
    expect(of('crew-area-1')[0]).toMatchObject({ status: 403 })
    expect(of('admin').map(({ action }) => action)).toContain('sign_in_failed')
    expect(of('engineer')[0]).toMatchObject({ subject: '/api/v1/devices/dev-w1/secret', status: 201 })
    expect(Date.parse(rows[0]?.at ?? '')).toBeGreaterThan(Date.now() - 60_000)
    expect((await accesses('&who=engineer')).every(({ who }) => who === 'engineer')).toBe(true)
    expect((await world.as('dispatcher').ask('GET', '/audit')).status).toBe(403)
    expect(JSON.stringify(rows)).not.toMatch(/guess|"demo"/)
  })

  it('is unbroken beside the running server, over restarts, and holds every head it had', async () => {
    const before = await audited()
    expect(before.good).toBe(true)
    const heads = before.said.map(headOf)
    expect(heads.every((head) => head.length === 64)).toBe(true)
    await world.restart()
    await world.as('operator').post<Taken>('/calls', aCall({ assetId: 'w2' }))
    for (const head of heads) expect(await audited(world.dir, head)).toMatchObject({ good: true })
    expect(await audited(world.dir, '0'.repeat(64))).toMatchObject({ good: false })
  })

  it.each([
    [
      "update ticket_event set json = replace(json, '已电话告知', '未告知') where type = 'note'",
      'ticket_event',
    ],
    ['update ticket_event set entered_at = entered_at - 1 where version = 2', 'ticket_event'],
    ["update ticket_event set type = 'accept' where type = 'opened'", 'ticket_event'],
    ['delete from ticket_event where version = 1', 'ticket_event'],
    ["update audit set who = 'somebody' where seq = 1", 'audit'],
    ['update audit set address = null where seq = 2', 'audit'],
    ['delete from audit where seq = 1', 'audit'],
    [
      'insert into audit select 0, at, who, address, action, subject, status, link from audit limit 1',
      'audit',
    ],
  ])('shows that somebody ran %s', async (sql, table) => {
    const { good, said } = await audited(tamperedWith(sql, table))
    expect(good).toBe(false)
    expect(said.filter((line) => line.includes('BROKEN'))).toHaveLength(1)
  })

  it('whose newest records were cut off no longer holds the head that was noted', async () => {
    const [head] = (await audited()).said.map(headOf)
    const newest = 'delete from ticket_event where seq = (select max(seq) from ticket_event)'
    const dir = tamperedWith(newest, 'ticket_event')
    expect((await audited(dir)).good).toBe(true)
    expect((await audited(dir, head)).good).toBe(false)
  })

  it('refuses the server’s own connection to change or delete what is written', () => {
    const db = new DatabaseSync(join(world.dir, 'wellwatch.sqlite'))
    for (const table of ['ticket_event', 'audit']) {
      expect(() => db.exec(`update ${table} set link = 'x'`)).toThrow('append-only')
      expect(() => db.exec(`delete from ${table}`)).toThrow('append-only')
    }
    db.close()
  })
})

describe('N29 callers', () => {
  it('are forgotten a year after their call, once the ticket is archived; the report stays', async () => {
    const { ticket } = await world
      .as('operator')
      .post<Taken>(
        '/calls',
        aCall({ kind: 'consult', contact: 'consult', callerName: '王女士', description: '问价' }),
      )
    const open = await world
      .as('operator')
      .post<Taken>('/calls', aCall({ assetId: 'b1', callerName: '李先生' }))
    await world.as('operator').does(ticket.id, 'answer', { text: '已答复' })
    const seen = async (id: string) => (await world.as('operator').ticket(id)).calls[0]
    await world.advance({ hours: 24 * 364 })
    expect(await seen(ticket.id)).toMatchObject({ callerName: '王女士', callerPhone: '13812345678' })
    await world.advance({ hours: 48 })
    const forgotten = await seen(ticket.id)
    expect(forgotten).toMatchObject({ callerPhone: '', address: ticket.address })
    expect(forgotten).not.toHaveProperty('callerName')
    expect(await seen(open.ticket.id)).toMatchObject({ callerName: '李先生', callerPhone: '13812345678' })
    expect((await audited()).good).toBe(true)
  })

  it('an export is written down with who took what', async () => {
    await world.as('service').get('/kpi.csv?from=2026-01-01')
    expect(await accesses('&who=service')).toMatchObject([
      { action: 'export', subject: '/api/v1/kpi.csv?from=2026-01-01' },
      { action: 'sign_in' },
    ])
  })
})
