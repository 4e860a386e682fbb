import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRefusal } from '#contract/problem.ts'
import { assess } from '../../server/domain/ticket/assessment.ts'
import { DEFAULT_SETTINGS } from '../../server/domain/detection/catalogue.ts'
import { DAY, HOUR, type Instant } from '../../server/domain/instant.ts'
import { nextDue } from '../../server/domain/ticket/sweep.ts'
import type { Services } from '../../server/flows/decisions/decisions.ts'
import { runTicketCommand } from '../../server/flows/ticket/run-ticket-command.ts'
import { showFigures } from '../../server/flows/decisions/show-figures.ts'
import { showTickets } from '../../server/flows/decisions/show-tickets.ts'
import { createDeadlines } from '../../server/flows/ticket/tick-deadlines.ts'
import { openDatabase } from '../../server/store/sql/database.ts'
import { createDecisionStore } from '../../server/store/sql/decision-store.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { townNetwork } from '../support/desk-world.ts'
import type { Figure } from './figure.ts'
import { chance, CREW, DISPATCHER, fillYear, newId, rules } from './ticket-year.ts'

/**
 * The store of decisions at size: a year of tickets that are done, and open ones. Tells what a desk waits
 * for, as JSON. `node test/bench/tickets.ts [TICKETS] [DIR]`, by default 100,000 in a directory of its own.
 */
const TICKETS = Number(process.argv[2] ?? 100_000)
const OPEN = Math.min(1000, Math.floor(TICKETS / 10))
const YEAR = 365 * DAY
const NOW: Instant = Date.parse('2026-06-30T12:00:00+08:00')

const dir = mkdtempSync(join(process.argv[3] ?? tmpdir(), 'bench-tickets-'))
try {
  const db = openDatabase(join(dir, 'decisions.db'))
  await migrate(db)
  const network = townNetwork()
  let now = NOW
  const services: Services = {
    store: createDecisionStore(db),
    rules,
    settings: () => DEFAULT_SETTINGS,
    network: { current: () => network, asOf: () => network, onChange: () => () => undefined },
    live: { publish: () => undefined },
    onPublishFailed: () => undefined,
    clock: { now: () => now },
    newId,
    person: async () => CREW,
  }
  const filled = await timed(() => fillYear(services.store, { tickets: TICKETS, open: OPEN, now: NOW }))
  const deadlines = createDeadlines(services)
  const openIds = await services.store.read.tickets.openIds()
  const reckoned = await timed(() => deadlines.nextDue())
  const figures = [
    row('write', `write ${String(TICKETS)} tickets with their events`, filled / 1000, 's'),
    row('start', `start: reckon ${String(OPEN)} open tickets, cold`, reckoned, 'ms'),
    row(
      'board',
      'board: the open tickets, whole (50)',
      await median(20, () => showTickets(services, { state: 'open', limit: 50 })),
      'ms',
      50,
    ),
    row(
      'board-whole',
      'board: the open tickets, whole (1000)',
      await median(9, () => showTickets(services, { state: 'open', limit: 1000 })),
      'ms',
      50,
    ),
    row(
      'board-narrow',
      'board: by kind and department',
      await median(20, () =>
        showTickets(services, { state: 'open', kind: 'cover', department: 'area-1', limit: 50 }),
      ),
      'ms',
      50,
    ),
    row('archive', 'archive: one state, second page', await median(20, archivePage), 'ms', 50),
    row(
      'search',
      'search for a number',
      await median(5, () => showTickets(services, { q: `gw-${String(TICKETS - 5)}`, limit: 50 })),
      'ms',
      200,
    ),
    row('command', 'one command', await median(200, oneCommand), 'ms', 10),
    row(
      'year',
      'figures of a year',
      await median(3, () => showFigures(services, { from: NOW - YEAR, to: NOW + DAY })),
      'ms',
      1000,
    ),
    row(
      'year-groups',
      'figures of a year by department',
      await median(3, () => showFigures(services, { from: NOW - YEAR, to: NOW + DAY }, { by: 'department' })),
      'ms',
      1000,
    ),
    row(
      'month',
      'figures of a month',
      await median(5, () => showFigures(services, { from: NOW - 30 * DAY, to: NOW })),
      'ms',
      250,
    ),
    row(
      'sweep-idle',
      'sweep of what is due, nothing is',
      await median(50, () => deadlines.nextDue()),
      'ms',
      20,
    ),
    row(
      'sweep-open',
      `sweep ${String(OPEN)} open tickets: read and reckoned`,
      await median(9, () => reckonOpen(services.store)),
      'ms',
      20,
    ),
    row(
      'sweep-from-disk',
      'the same, nothing of them in memory',
      await median(9, () => reckonOpen(createDecisionStore(db))),
      'ms',
    ),
    row('sweep-due', 'sweep: each of the tickets that are due', await sweepEach(), 'ms', 20),
  ]
  process.stdout.write(JSON.stringify(figures))
  await db.destroy()

  async function archivePage(): Promise<void> {
    const { next } = await showTickets(services, { state: 'archived', limit: 50 })
    await showTickets(services, {
      state: 'archived',
      limit: 50,
      ...(next === undefined ? {} : { cursor: next }),
    })
  }

  /** As the page does it: the ticket is read, and a command sent on the version that was seen. */
  async function oneCommand(): Promise<void> {
    const id = openIds[Math.floor(chance() * openIds.length)] ?? ''
    const version = (await services.store.read.tickets.load(id))?.events.length ?? 0
    const command = { command: 'note' as const, version, body: { text: '现场已围挡' } }
    const done = await runTicketCommand(services, { id, command, actor: DISPATCHER })
    if (isRefusal(done)) throw new Error(done.detail)
  }

  async function reckonOpen({ read }: Services['store']): Promise<void> {
    for (const { ticket } of await read.tickets.openDues()) nextDue(assess(ticket, rules, now))
  }

  /** Time goes on by an hour: what has fallen due is written, each ticket in its own transaction. */
  async function sweepEach(): Promise<number> {
    now += HOUR
    const due = await services.store.read.tickets.due(now, OPEN)
    const ms = await timed(() => deadlines.run(now))
    return ms / Math.max(1, due.length)
  }
} finally {
  rmSync(dir, { recursive: true, force: true })
}

async function timed(work: () => unknown): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}

async function median(times: number, work: () => unknown): Promise<number> {
  const all: number[] = []
  for (let i = 0; i < times; i += 1) all.push(await timed(work))
  return all.sort((a, b) => a - b)[Math.floor(times / 2)] ?? 0
}

function row(
  id: string,
  what: string,
  value: number,
  ...[unit, most]: [unit: string, most?: number]
): Figure {
  const target = most === undefined ? {} : { target: { at: 'most', value: most } as const }
  return { id: `tickets-${id}`, what, value, unit, ...target }
}
