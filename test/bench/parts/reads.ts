import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from '../../../server/store/sql/database.ts'
import { createDecisionStore } from '../../../server/store/sql/decision-store.ts'
import { sessionOf } from '../feed.ts'
import type { Figure, Part } from '../figure.ts'
import { startLoad } from '../load.ts'
import { benchNetwork } from '../network.ts'
import { SECRET, startServer, type BenchServer } from '../server.ts'
import { fillYear } from '../ticket-year.ts'
import { rosterYear } from '../roster-year.ts'

const MAX_HOLD_MS = 50
const AT_ONCE = 80
const WELLS = 4000
const DAY_MS = 86_400_000

/**
 * How long any question that the least of accounts may ask holds the event loop up: every route that reads,
 * with the widest spans and the oddest values that it takes, one by one and eighty at once.
 */
export const reads: Part = async (run) => {
  const server = await startServer(benchNetwork(run.quick ? 400 : WELLS, 0))
  try {
    await server.kill()
    await fill(server, run.quick ? 5000 : 50_000)
    await server.start()
    const cookie = await sessionOf(server.url, { username: 'wall', password: SECRET })
    const ask = async (path: string): Promise<number> => {
      const answer = await fetch(server.url + path, { headers: { cookie } })
      await answer.arrayBuffer()
      return answer.status
    }
    const questions = await everyQuestion(server)
    run.say(`${String(questions.length)} questions`)
    for (const path of questions) await ask(path)
    const alone = await longest(server, questions, ask)
    for (const { path, ms, status } of alone.slice(0, 12))
      run.say(`${ms.toFixed(0)} ms, ${String(status)}: ${path}`)
    const many = await longest(server, costliestByRoute(alone), (path) =>
      Promise.all(Array.from({ length: AT_ONCE }, () => ask(path))).then((all) => Math.max(...all)),
    )
    for (const { path, ms } of many.slice(0, 12))
      run.say(`${ms.toFixed(0)} ms, ${String(AT_ONCE)} at once: ${path}`)
    const load = startLoad({ port: server.mqttPort, devices: 10, values: 8, rate: 50 })
    await load.begun
    await Promise.all(costliestByRoute(alone).flatMap((path) => Array.from({ length: 8 }, () => ask(path))))
    load.stop()
    const { p99Ms } = await load.result
    return [
      hold('alone', 'by any one question', alone[0]?.ms ?? 0),
      hold('many', `by ${String(AT_ONCE)} of one question at once`, many[0]?.ms ?? 0),
      { id: 'reads-puback', what: 'a PUBACK while all are asked at once, p99', value: p99Ms, unit: 'ms' },
    ]
  } finally {
    await server.remove()
  }
}

function hold(id: string, what: string, value: number): Figure {
  const target = { at: 'most', value: MAX_HOLD_MS } as const
  return { id: `reads-${id}`, what: `event loop held up at most, ${what}`, value, unit: 'ms', target }
}

async function fill(server: BenchServer, tickets: number): Promise<void> {
  const db = openDatabase(join(server.dir, 'wellwatch.sqlite'))
  const store = createDecisionStore(db)
  await fillYear(store, { tickets, open: 500, now: Date.now() })
  await rosterYear(store, Date.now())
  await db.destroy()
}

interface Held {
  readonly path: string
  readonly status: number
  /** Of the loop's own processor time, whatever else the machine does. */
  readonly ms: number
}

async function longest(
  server: BenchServer,
  paths: readonly string[],
  ask: (path: string) => Promise<number>,
): Promise<readonly Held[]> {
  const found: Held[] = []
  for (const path of paths) {
    await server.cost()
    const status = await ask(path)
    await sleep(10)
    found.push({ path, status, ms: (await server.cost()).loopOwnMs })
  }
  return found.toSorted((a, b) => b.ms - a.ms)
}

/** The worst of each route. */
function costliestByRoute(held: readonly Held[]): readonly string[] {
  const first = Map.groupBy(held, ({ path }) => path.split('?')[0])
  return [...first.values()].flatMap(([worst]) => (worst === undefined ? [] : [worst.path]))
}

interface Described {
  readonly get?: { readonly parameters?: readonly { readonly name: string; readonly in: string }[] }
}

/** Every route that reads, each of its parameters at its widest: what a fuzz of them finds to be dear. */
async function everyQuestion(server: BenchServer): Promise<readonly string[]> {
  const document = (await (await fetch(`${server.url}/api/openapi.json`)).json()) as {
    paths: Record<string, Described>
  }
  const ids = await knownIds(server)
  return Object.entries(document.paths).flatMap(([path, { get }]) => {
    if (get === undefined || /\/live$|^\/$|\{\w+\}.*\{|basemap|attachments|sessions/.test(path)) return []
    const at = path.replace('/tickets/{id}', `/tickets/${ids.ticket}`).replace(/\{\w+\}/, 'load-well-7')
    const names = (get.parameters ?? []).filter((one) => one.in === 'query').map(({ name }) => name)
    return queriesOf(names).map((query) => `${at}${query === '' ? '' : '?'}${query}`)
  })
}

async function knownIds(server: BenchServer): Promise<{ readonly ticket: string }> {
  const { items } = await server.get<{ items: readonly { id: string }[] }>('/tickets?limit=1')
  return { ticket: items[0]?.id ?? '' }
}

const SPANS_DAYS = [14, 31, 62, 366, 3660]
const VALUES: Readonly<Record<string, readonly string[]>> = {
  limit: ['200', '50'],
  q: ['zzz', 'gw-1', '路'],
  by: ['department', 'area', 'kind', 'level'],
  state: ['open', 'archived', 'closed'],
  asset: ['load-well-7'],
  stuck: ['load-well-7'],
  live: ['true', 'false'],
  near: ['114.3,30.5'],
  lon: ['114.3'],
  lat: ['30.5'],
  address: ['路'],
  all: ['true'],
  rung: ['crew'],
  points: ['2', '2000'],
}

/** Spans as wide as they come, ending now, a year from now, or where the calendar ends; and each other value. */
function queriesOf(names: readonly string[]): readonly string[] {
  const now = Date.now()
  const instant = (at: number): string => encodeURIComponent(new Date(at).toISOString())
  const has = (name: string): boolean => names.includes(name)
  const basis = ['asset', 'limit']
    .flatMap((name) => (has(name) ? [`${name}=${VALUES[name]?.[0] ?? ''}`] : []))
    .join('&')
  const found = ['', basis]
  if (has('from') && has('to')) {
    for (const days of SPANS_DAYS) {
      for (const end of [now, now + 366 * DAY_MS, Date.parse('2100-12-31T00:00:00Z')]) {
        found.push(`${basis}&from=${instant(end - days * DAY_MS)}&to=${instant(end)}`)
      }
    }
    found.push(
      `${basis}&from=2000-01-02&to=2009-12-31`,
      `${basis}&by=department&from=${instant(now - 3650 * DAY_MS)}&to=${instant(now)}`,
    )
  }
  if (has('at')) {
    for (const days of [0, 1, 200, 364, -300, -20_000])
      found.push(`${basis}&at=${instant(now - days * DAY_MS)}`)
  }
  for (const [name, values] of Object.entries(VALUES)) {
    if (has(name)) found.push(...values.map((value) => `${basis}&${name}=${encodeURIComponent(value)}`))
  }
  return [...new Set(found.map((query) => query.replace(/^&/, '')))]
}
