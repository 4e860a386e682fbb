import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { BacktestView } from '#contract/backtest.ts'
import { openFeed, sessionOf } from '../feed.ts'
import type { Figure, Part } from '../figure.ts'
import { startLoad } from '../load.ts'
import { benchNetwork } from '../network.ts'
import { SECRET, startServer, type BenchServer } from '../server.ts'

const LOADS = 100
const RATE = 2000
const MAX_MS = 50
const CLI = new URL('../../../server/cli.ts', import.meta.url).pathname

/** What holds the event loop up, and for how long, while 2,000 messages a second come in (F16). */
export const loop: Part = async (run) => {
  const server = await startServer(benchNetwork(LOADS, 0))
  const load = startLoad({ port: server.mqttPort, devices: LOADS, values: 8, rate: RATE })
  const figures: Figure[] = []
  try {
    await load.begun
    await sleep(run.quick ? 2000 : 10_000)
    for (const [id, what, work] of works(run.quick ? 0.1 : 1)) {
      await server.cost()
      const began = performance.now()
      await work(server)
      const seconds = (performance.now() - began) / 1000
      const { loopOwnMs, loopMaxMs } = await server.cost()
      run.say(
        `${what}, ${seconds.toFixed(1)} s: ${loopOwnMs.toFixed(0)} ms of its own, ${loopMaxMs.toFixed(0)} ms by the clock`,
      )
      const target = { at: 'most', value: MAX_MS } as const
      figures.push(
        {
          id: `loop-${id}`,
          what: `event loop held up at most, ${what}`,
          value: loopOwnMs,
          unit: 'ms',
          target,
        },
        { id: `loop-${id}-clock`, what: '… by the clock', value: loopMaxMs, unit: 'ms' },
      )
    }
    load.stop()
    await load.result
    return figures
  } finally {
    await server.remove()
  }
}

type Work = readonly [id: string, what: string, work: (server: BenchServer) => Promise<unknown>]

function works(scale: number): readonly Work[] {
  const many = (count: number): number => Math.round(count * scale)
  return [
    ['nothing', 'nothing else', () => sleep(3000)],
    [
      'calls',
      `${String(many(5000))} calls as a table`,
      (server) => post(server, '/calls/import', callsTable(many(5000)), { who: 'operator' }),
    ],
    ['figures', 'a year’s figures', (server) => fetchText(server, `/kpi.csv?from=${yearAgo()}`)],
    ['tickets', 'every ticket, page by page', readAll],
    ['screens', 'twenty screens that open', openScreens],
    ['backtest', 'a backtest of what was stored', runBacktest],
    ['backup', 'a backup', backup],
    [
      'import',
      `a network of ${String(many(30_000))} wells`,
      (server) =>
        post(server, '/network/imports', JSON.stringify(benchNetwork(many(30_000), 0)), {
          type: 'application/json',
        }),
    ],
  ]
}

async function ask(
  server: BenchServer,
  path: string,
  { who = 'engineer', ...more }: RequestInit & { who?: string } = {},
): Promise<Response> {
  const cookie = await sessionOf(server.url, { username: who, password: SECRET })
  const headers = { cookie, origin: server.url, ...more.headers }
  const answer = await fetch(`${server.url}/api/v1${path}`, { ...more, headers })
  if (!answer.ok) throw new Error(`${path}: ${String(answer.status)} ${await answer.text()}`)
  return answer
}

const post = (server: BenchServer, path: string, body: string, more: { who?: string; type?: string } = {}) =>
  ask(server, path, {
    method: 'POST',
    body,
    headers: { 'content-type': more.type ?? 'text/csv' },
    ...(more.who === undefined ? {} : { who: more.who }),
  })

const fetchText = async (server: BenchServer, path: string): Promise<string> =>
  (await ask(server, path)).text()

const yearAgo = (): string => new Date(Date.now() - 365 * 24 * 3600 * 1000).toISOString().slice(0, 10)

/** A page as long as somebody may write it down, so that the file is a big one. */
function callsTable(lines: number): string {
  const story = '楼上楼下都不热,已经三天了,家里有老人和孩子,请尽快派人来看'.repeat(10)
  const rows = Array.from({ length: lines }, (_, n) => {
    const at = new Date(Date.now() - n * 60_000).toISOString()
    return `TX-${String(n)},不热,${at},解放路 ${String(n)} 号,1381234${String(n).padStart(4, '0')},李女士,${story}`
  })
  return ['工单编号,类别,受理时间,地址,联系电话,联系人,内容', ...rows].join('\n')
}

async function readAll(server: BenchServer): Promise<void> {
  for (let next: string | undefined = ''; next !== undefined;) {
    const cursor: string = next === '' ? '' : `&cursor=${encodeURIComponent(next)}`
    next = (await server.get<{ next?: string }>(`/tickets?limit=200${cursor}`)).next
  }
}

async function openScreens(server: BenchServer): Promise<void> {
  const feeds = await Promise.all(
    Array.from({ length: 20 }, () => openFeed(server.url, { username: 'wall', password: SECRET })),
  )
  await sleep(3000)
  for (const feed of feeds) feed.close()
}

async function runBacktest(server: BenchServer): Promise<void> {
  const [from, to] = [Date.now() - 3600_000, Date.now() - 1000].map((at) => new Date(at).toISOString())
  const began = await post(server, '/backtests', JSON.stringify({ from, to }), { type: 'application/json' })
  const { id } = (await began.json()) as BacktestView
  for (;;) {
    const { state, problem } = await server.get<BacktestView>(`/backtests/${id}`)
    if (state === 'done') return
    if (state !== 'running') throw new Error(`the backtest: ${state} ${problem ?? ''}`)
    await sleep(50)
  }
}

async function backup(server: BenchServer): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'bench-backup-'))
  const env = { ...process.env, WELLWATCH_DATA_DIR: server.dir }
  await promisify(execFile)(process.execPath, [CLI, 'backup', join(dir, 'copy')], { env })
  rmSync(dir, { recursive: true })
}
