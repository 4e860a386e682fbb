import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRefusal } from '#contract/problem.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import { TICKET_KINDS, type TicketKind } from '#contract/vocabulary.ts'
import type { Person } from '../../server/domain/access/actor.ts'
import { DEFAULT_SETTINGS } from '../../server/domain/detection/catalogue.ts'
import { factOf } from '../../server/domain/kpi/fact.ts'
import { DAY, HOUR, MINUTE, type Instant } from '../../server/domain/instant.ts'
import { CHINA_DAYS } from '../../server/domain/policy/china-days.ts'
import { WUDA } from '../../server/domain/policy/wuda.ts'
import type { EventData, TicketEvent } from '../../server/domain/ticket/event.ts'
import { foldTicket } from '../../server/domain/ticket/evolve.ts'
import { openTicket } from '../../server/domain/ticket/open.ts'
import { nextDue, sweep } from '../../server/domain/ticket/sweep.ts'
import type { Desk } from '../../server/flows/decisions.ts'
import { runTicketCommand } from '../../server/flows/ticket/run-ticket-command.ts'
import { showFigures } from '../../server/flows/ticket/show-figures.ts'
import { showTickets } from '../../server/flows/ticket/show-tickets.ts'
import { createDeadlines } from '../../server/flows/ticket/tick-deadlines.ts'
import { openDatabase } from '../../server/store/sql/database.ts'
import { createDecisionStore } from '../../server/store/sql/decision-store.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { townNetwork } from '../support/desk-world.ts'
import type { Figure } from './figure.ts'

/**
 * The store of decisions at size: a year of tickets that are done, and open ones. Tells what a desk waits
 * for, as JSON. `node test/bench/tickets.ts [TICKETS] [DIR]`, by default 100,000 in a directory of its own.
 */
const TICKETS = Number(process.argv[2] ?? 100_000)
const OPEN = Math.min(1000, Math.floor(TICKETS / 10))
const YEAR = 365 * DAY
const NOW: Instant = Date.parse('2026-06-30T12:00:00+08:00')

const rules = { policy: WUDA, calendar: CHINA_DAYS }
const person = (id: string, role: Person['roles'][number], departmentId?: string): Person => ({
  kind: 'person',
  id,
  name: id,
  roles: [role],
  ...(departmentId === undefined ? {} : { departmentId }),
})
const DISPATCHER = person('dispatcher', 'dispatcher')
const CREW = person('crew-network-ops', 'crew', 'network-ops')

let ids = 0
const newId = (): string => `${(ids += 1).toString(36).padStart(8, '0')}`
/** Repeatable chance (mulberry32): every run measures the same tickets. */
let seed = 7
const chance = (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
}

/** A ticket's events from its opening to its archive, or to where it stands when it is open. */
function aHistory(index: number, openedAt: Instant, isOpen: boolean): readonly TicketEvent[] {
  const kind: TicketKind = TICKET_KINDS[Math.floor(chance() * TICKET_KINDS.length)] ?? 'cover'
  const departmentId = chance() < 0.5 ? 'network-ops' : 'area-1'
  const route = {
    departmentId,
    departmentName: departmentId,
    rule: 'primary_in_service',
    why: '一次网在运管线',
    networkVersion: 1,
  } as const
  const known = { kind, number: `GW-${String(index)}`, source: index % 3 === 0 ? 'sensor' : 'phone' } as const
  const events = [
    ...openTicket(
      {
        ...known,
        openedAt,
        route,
        managedBy: 'own',
        exercise: false,
        flags: [],
        address: `解放路 ${String(index % 900)} 号`,
        assetId: `W${String(index % 500)}`,
        ...(known.source === 'sensor' ? { eventAt: openedAt - Math.floor(chance() * HOUR) } : {}),
      },
      { actor: DISPATCHER, at: openedAt, confirmed: true },
      WUDA,
      newId,
    ),
  ]
  let at = openedAt
  const then = <Type extends CommandName>(
    type: Type,
    minutes: number,
    data: EventData[Type],
    actor = CREW,
  ) => {
    at += Math.ceil(minutes * chance() * 1.2 * MINUTE)
    events.push({ id: newId(), type, occurredAt: at, enteredAt: at, actor, data } as TicketEvent)
  }
  if (events.length === 1) {
    const { departmentName, rule, why } = route
    then('dispatch', 10, { departmentId, departmentName, rule, why, channel: 'system' }, DISPATCHER)
  }
  then('accept', 10, {})
  then('assign', 5, { crewIds: [CREW.id] })
  then('contact', 20, { reached: true, note: '已联系' })
  then('arrive', 25, { scene: '现场情况', heatAffected: false, expectedMinutes: 60 })
  if (isOpen) return events
  then('safety', 8, { measures: ['围挡', '警戒线'], barrier: true, cordon: true })
  if (kind === 'primary_leak') then('plan', 120, { text: '开挖更换', confirmedBy: '部长' })
  then('repair', 240, { text: '修复' })
  then('restore', 30, { faultClearedAt: at, heatRestoredAt: at, result: '恢复' })
  then('submit', 30, { result: '已修复', finalKind: kind, outcome: 'done' })
  if (chance() < 0.1) {
    then('review', 120, { pass: false, reason: 'not_detailed' }, DISPATCHER)
    then('submit', 60, { result: '补充', finalKind: kind, outcome: 'done' })
  }
  then('review', 240, { pass: true }, DISPATCHER)
  return events
}

const dir = mkdtempSync(join(process.argv[3] ?? tmpdir(), 'bench-tickets-'))
try {
  const db = openDatabase(join(dir, 'decisions.db'))
  await migrate(db)
  const network = townNetwork()
  let now = NOW
  const desk: Desk = {
    store: createDecisionStore(db),
    rules,
    settings: () => DEFAULT_SETTINGS,
    network: { current: () => network, asOf: () => network, onChange: () => () => undefined },
    live: { publish: () => undefined },
    unshown: () => undefined,
    clock: { now: () => now },
    newId,
    person: async () => CREW,
  }
  const filled = await timed(fill)
  const deadlines = createDeadlines(desk)
  const openIds = await desk.store.read.tickets.openIds()
  const reckoned = await timed(() => deadlines.nextDue())
  const figures = [
    row('write', `write ${String(TICKETS)} tickets with their events`, filled / 1000, 's'),
    row('start', `start: reckon ${String(OPEN)} open tickets, cold`, reckoned, 'ms'),
    row(
      'board',
      'board: the open tickets, whole (50)',
      await median(20, () => showTickets(desk, { state: 'open', limit: 50 })),
      'ms',
      50,
    ),
    row(
      'board-whole',
      'board: the open tickets, whole (1000)',
      await median(9, () => showTickets(desk, { state: 'open', limit: 1000 })),
      'ms',
      50,
    ),
    row(
      'board-narrow',
      'board: by kind and department',
      await median(20, () =>
        showTickets(desk, { state: 'open', kind: 'cover', department: 'area-1', limit: 50 }),
      ),
      'ms',
      50,
    ),
    row('archive', 'archive: one state, second page', await median(20, archivePage), 'ms', 50),
    row(
      'search',
      'search for a number',
      await median(5, () => showTickets(desk, { q: `gw-${String(TICKETS - 5)}`, limit: 50 })),
      'ms',
      200,
    ),
    row('command', 'one command', await median(200, oneCommand), 'ms', 10),
    row(
      'year',
      'figures of a year',
      await median(3, () => showFigures(desk, { from: NOW - YEAR, to: NOW + DAY })),
      'ms',
      1000,
    ),
    row(
      'year-groups',
      'figures of a year by department',
      await median(3, () => showFigures(desk, { from: NOW - YEAR, to: NOW + DAY }, { by: 'department' })),
      'ms',
      1000,
    ),
    row(
      'month',
      'figures of a month',
      await median(5, () => showFigures(desk, { from: NOW - 30 * DAY, to: NOW })),
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
      await median(9, () => reckonOpen(desk.store)),
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

  async function fill(): Promise<void> {
    const many = 1000
    for (let from = 0; from < TICKETS; from += many) {
      await desk.store.transact(async (unit) => {
        for (let index = from; index < Math.min(from + many, TICKETS); index += 1) {
          const isOpen = index >= TICKETS - OPEN
          const openedAt = isOpen
            ? NOW - Math.floor(chance() * 3 * HOUR) - HOUR
            : NOW - YEAR + Math.floor((index / TICKETS) * (YEAR - 2 * DAY))
          await keep(unit, newId(), aHistory(index, openedAt, isOpen))
        }
        return true
      })
    }
  }

  async function keep(unit: Desk['store']['read'], id: string, said: readonly TicketEvent[]): Promise<void> {
    const last = said.at(-1)?.enteredAt ?? NOW
    const due = sweep(foldTicket(id, said), rules, last, newId)
    const events = [...said, ...due]
    const ticket = foldTicket(id, events)
    await unit.tickets.append(0, { ticket, events }, nextDue(ticket, rules, last))
    if (ticket.state === 'archived') await unit.figures.keep(ticket, factOf(ticket, rules, last))
  }

  async function archivePage(): Promise<void> {
    const { next } = await showTickets(desk, { state: 'archived', limit: 50 })
    await showTickets(desk, { state: 'archived', limit: 50, ...(next === undefined ? {} : { cursor: next }) })
  }

  /** As the page does it: the ticket is read, and a command sent on the version that was seen. */
  async function oneCommand(): Promise<void> {
    const id = openIds[Math.floor(chance() * openIds.length)] ?? ''
    const version = (await desk.store.read.tickets.load(id))?.events.length ?? 0
    const command = { command: 'note' as const, version, body: { text: '现场已围挡' } }
    const done = await runTicketCommand(desk, { id, command, actor: DISPATCHER })
    if (isRefusal(done)) throw new Error(done.detail)
  }

  async function reckonOpen({ read }: Desk['store']): Promise<void> {
    for (const { ticket } of await read.tickets.openDues()) nextDue(ticket, rules, now)
  }

  /** Time goes on by an hour: what has fallen due is written, each ticket in its own transaction. */
  async function sweepEach(): Promise<number> {
    now += HOUR
    const due = await desk.store.read.tickets.due(now, OPEN)
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
