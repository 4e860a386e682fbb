import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { NetworkFile } from '#contract/network.ts'
import { isRefusal } from '#contract/problem.ts'
import { createApp } from '../../server/app.ts'
import { readConfig } from '../../server/config.ts'
import { localKey, takeDataDir } from '../../server/disk/data-dir.ts'
import { ensureDemoPeople } from '../../server/flows/access/people.ts'
import { freePort } from '../support/child-server.ts'
import { silentLog } from '../support/silent-log.ts'
import type { ProcessCost } from './loop-watch.ts'

export const SECRET = 'demo'

/** The real server, `node server/main.ts`, on a data directory of its own. */
export interface BenchServer {
  readonly dir: string
  readonly url: string
  readonly mqttPort: number
  readonly pid: number
  /** GET of the API with the local key. */
  get<T>(path: string): Promise<T>
  /** One of the server's own numbers on /metrics; undefined label: the sum. */
  metric(name: string, label?: string): Promise<number>
  /** What the process cost since the last call. */
  cost(): Promise<ProcessCost>
  /** SIGKILL, as a power cut does it. */
  kill(): Promise<void>
  start(): Promise<void>
  /** Resolves when store and detector have consumed all there is; returns how long that took. */
  drained(): Promise<number>
  remove(): Promise<void>
}

const MAIN = new URL('../../server/main.ts', import.meta.url).pathname
const PACKAGE = new URL('../../package.json', import.meta.url)
const WATCH = new URL('./loop-watch.ts', import.meta.url).pathname
/** Loading a server's modules takes long where others fill the machine. */
const START_MS = 180_000

/** Furnishes a data directory (network, people, device secrets) and starts the server on it. */
export async function startServer(
  network: NetworkFile,
  settings: Readonly<Record<string, string>> = {},
  directory = tmpdir(),
): Promise<BenchServer> {
  const dir = mkdtempSync(join(directory, 'bench-server-'))
  const [httpPort, mqttPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${String(httpPort)}`
  const env = {
    WELLWATCH_DATA_DIR: dir,
    WELLWATCH_HTTP_PORT: String(httpPort),
    WELLWATCH_MQTT_PORT: String(mqttPort),
    WELLWATCH_LOG_LEVEL: 'silent',
    ...settings,
  }
  await furnish(dir, network)
  let child: ChildProcess

  async function start(): Promise<void> {
    const profile = process.env['BENCH_PROFILE']
    const profiling = profile === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profile}`]
    child = fork(MAIN, {
      execArgv: [...startFlags(), '--import', WATCH, ...profiling],
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    let said = 'nothing'
    for (const until = Date.now() + START_MS; Date.now() < until; await sleep(25)) {
      if (child.exitCode !== null) break
      const answer = await fetch(`${url}/readyz`).catch(() => undefined)
      if (answer?.status === 200) return
      said = (await answer?.text()) ?? said
    }
    throw new Error(`the server did not start: exit code ${String(child.exitCode)}, /readyz said ${said}`)
  }
  async function get<T>(path: string): Promise<T> {
    const authorization = `Bearer ${localKey(dir) ?? ''}`
    const answer = await fetch(`${url}/api/v1${path}`, { headers: { authorization } })
    if (answer.status !== 200) throw new Error(`GET ${path}: ${String(answer.status)} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  async function metric(name: string, label?: string): Promise<number> {
    const text = await (await fetch(`${url}/metrics`)).text()
    const lines = text
      .split('\n')
      .filter((line) => /^[^#]/.test(line) && line.slice(0, line.search(/[ {]/)) === name)
    const chosen = label === undefined ? lines : lines.filter((line) => line.includes(`"${label}"`))
    return chosen.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
  }
  async function drained(): Promise<number> {
    const began = performance.now()
    for (;;) {
      if ((await metric('wellwatch_journal_pending_messages')) === 0) return performance.now() - began
      await sleep(20)
    }
  }
  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill(signal)
    await gone
  }

  await start()
  return {
    dir,
    url,
    mqttPort,
    get,
    metric,
    start,
    drained,
    get pid() {
      return child.pid ?? 0
    },
    async cost() {
      const answer = once(child, 'message')
      child.send('cost')
      const [cost] = (await answer) as [ProcessCost]
      return cost
    },
    kill: () => end('SIGKILL'),
    async remove() {
      await end(process.env['BENCH_PROFILE'] === undefined ? 'SIGKILL' : 'SIGTERM')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Node's own flags that `npm start` gives. */
function startFlags(): readonly string[] {
  const { scripts } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { scripts: { start: string } }
  return scripts.start.split(' ').filter((word) => word.startsWith('--max'))
}

async function furnish(dir: string, network: NetworkFile): Promise<void> {
  const config = readConfig({ WELLWATCH_DATA_DIR: dir, WELLWATCH_HTTP_PORT: '0', WELLWATCH_MQTT_PORT: '0' })
  if ('mistakes' in config) throw new Error(config.mistakes.join('\n'))
  const dataDir = takeDataDir(dir, process.pid)
  const app = await createApp({ config, dataDir, log: silentLog, pageRoot: '' })
  const answer = await app.registry.import(network, { by: 'bench' })
  if (isRefusal(answer)) throw new Error(`the network was refused: ${JSON.stringify(answer)}`)
  const { devices, departments } = app.registry.current()
  await app.credentials.ensureAll(devices.keys(), SECRET)
  await ensureDemoPeople(app.people, departments.values(), Date.now())
  await app.close()
  dataDir.release()
}
