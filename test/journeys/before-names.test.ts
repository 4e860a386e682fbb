import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Kpi } from '#contract/kpi.ts'
import type { TicketView } from '#contract/ticket.ts'
import { runAudit } from '../../server/cli/audit.ts'
import { aCall, type Taken } from '../support/calls.ts'
import { aWorld, type World } from '../support/world.ts'

const read = (name: string): string => readFileSync(new URL(`before-names/${name}`, import.meta.url), 'utf8')
const EXPECTED = JSON.parse(read('expected.json')) as {
  tickets: Record<string, string[]>
  figures: string[]
  repeated: string[]
  audit: string[]
}
const NOW = '2026-01-15T13:36:00'
/** Keys that a call was sent under, in the minute before the upgrade. */
const AGAIN = { 'idempotency-key': 'k1' }

let world: World
let before: { readonly audit: string[]; readonly events: unknown; readonly edition: string }
beforeAll(async () => {
  world = await aWorld({ network: 'none', start: NOW })
  await world.restart(async () => {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file()}${suffix}`, { force: true })
    inFile((db) => db.exec(read('wellwatch.sql')))
    const [{ id, json } = {}] = rows('select id, json from policy_edition')
    before = { audit: await audit(), events: rows('select * from ticket_event'), edition: String(id) }
    writeFileSync(join(world.dir, 'policy.json'), String(json))
  })
})
afterAll(() => world.close())

const file = (): string => join(world.dir, 'wellwatch.sqlite')
function inFile<T>(work: (db: DatabaseSync) => T): T {
  const db = new DatabaseSync(file())
  try {
    return work(db)
  } finally {
    db.close()
  }
}
const rows = (query: string) => inFile((db) => db.prepare(query).all())
async function audit(): Promise<string[]> {
  const lines: string[] = []
  expect(await runAudit({ dataDir: world.dir, list: false }, (line) => lines.push(line))).toBe(true)
  return lines
}

/** Everything of a ticket that names a clock or a rule, one line each. */
function linesOf({ state, department, dueAt = '', clocks, events }: TicketView): string[] {
  return [
    [state, department?.id, department?.rule, dueAt],
    ...clocks.map((clock) => [clock.key, clock.state, clock.dueAt]),
    ...events.map(({ type, data }) => {
      const { rule } = (data['route'] ?? {}) as { rule?: string }
      return [type, data['clock'], data['rule'], rule, data['step']]
    }),
  ].map((line) => line.filter((word) => word !== undefined && word !== '').join(' '))
}

describe('a database from the time when clocks and rules had codes', () => {
  it.each(Object.entries(EXPECTED.tickets))('shows %s under the names', async (path, lines) => {
    expect(linesOf(await world.as('dispatcher').get<TicketView>(path))).toEqual(lines)
  })

  it('counts its closed tickets in the figures', async () => {
    const { total } = await world.as('dispatcher').get<Kpi>('/kpi?from=2026-01-15&to=2026-01-16')
    const lines = total.clocks.map(({ key, onTime, late, overdue }) => [key, onTime, late, overdue].join(' '))
    expect(lines).toEqual(EXPECTED.figures)
  })

  it('answers a call that is sent again as it did then', async () => {
    const again = await world.as('operator').ask<Taken>('POST', '/calls', aCall({ assetId: 'w2' }), AGAIN)
    expect(linesOf(again.body.ticket)).toEqual(EXPECTED.repeated)
  })

  it('names the clocks of what still waits to be sent', () => {
    const waiting = rows('select json from outbox order by id').map(({ json }) => String(json))
    const clocks = waiting.map((json) => (JSON.parse(json) as { body?: { data: { clock?: string } } }).body)
    expect(clocks.map((body) => body?.data.clock)).toEqual(['accept', 'assign', 'accept'])
  })

  it('holds its events untouched, and the chain over them is proven before and after', async () => {
    expect(rows('select * from ticket_event')).toEqual(before.events)
    expect(before.audit).toEqual(EXPECTED.audit)
    const [events = ''] = await audit()
    expect(events).toBe(EXPECTED.audit[0])
  })

  it('holds no code in anything that is not hashed', () => {
    for (const [table, column] of [
      ['ticket', 'json'],
      ['fact_shape', 'json'],
      ['outbox', 'json'],
      ['policy_edition', 'json'],
      ['idempotency_key', 'result'],
    ] as const) {
      expect(rows(`select ${column} from ${table} where ${column} glob '*"[CD][0-9]*'`), table).toEqual([])
    }
  })

  it('goes on: no warning twice, and the tickets live by the edition that they were opened under', async () => {
    await world.until('2026-01-16T12:00:00')
    const tickets = await world.as('dispatcher').tickets('state=open')
    expect(tickets.length).toBeGreaterThan(1)
    for (const { events, policy } of tickets) {
      const marks = events.flatMap(({ type, data }) =>
        type === 'warned' || type === 'breached' ? [`${String(data['clock'])} ${String(data['step'])}`] : [],
      )
      expect(new Set(marks).size).toBe(marks.length)
      expect(policy?.edition).toBe(before.edition)
    }
    const [events = ''] = await audit()
    expect(events).toMatch(/^events of tickets: \d+ unbroken/)
  })
})

describe('a pack file from that time', () => {
  it('says the same as the stored edition, which stays in force', async () => {
    const elsewhere = await aWorld({
      network: 'none',
      start: NOW,
      config: { policyFile: join(world.dir, 'policy.json') },
    })
    try {
      await elsewhere.restart(async () => {
        const path = join(elsewhere.dir, 'wellwatch.sqlite')
        for (const suffix of ['', '-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
        const db = new DatabaseSync(path)
        db.exec(read('wellwatch.sql'))
        db.close()
      })
      const [ticket] = await elsewhere.as('dispatcher').tickets('state=open')
      expect(ticket?.policy).toMatchObject({ edition: before.edition, inForce: true })
    } finally {
      await elsewhere.close()
    }
  })
})
