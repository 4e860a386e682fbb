import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { API } from '#contract/routes.ts'
import { freePort } from '../../support/child-server.ts'
import type { Part } from '../figure.ts'

/** `npm run demo` on a fresh copy without a built page and without data, as after `npm ci`. */
export const demo: Part = async (run) => {
  const copy = freshCopy()
  const [httpPort, mqttPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${String(httpPort)}`
  const began = performance.now()
  const child = spawn('npm', ['run', 'demo'], {
    cwd: copy,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: {
      ...process.env,
      WELLWATCH_DATA_DIR: join(copy, 'data'),
      WELLWATCH_HTTP_PORT: String(httpPort),
      WELLWATCH_MQTT_PORT: String(mqttPort),
      WELLWATCH_LOG_LEVEL: 'warn',
    },
  })
  try {
    const ready = said(child, '演示已就绪').then(() => performance.now() - began)
    await answers(child, url)
    const pageMs = performance.now() - began
    run.say(`the page works after ${(pageMs / 1000).toFixed(1)} s`)
    const page = {
      id: 'demo-page',
      what: 'start of the demo to a working page',
      value: pageMs / 1000,
      unit: 's',
      target: { at: 'most', value: 20 },
    } as const
    if (run.quick) return [page]
    const readyMs = await ready
    run.say(`history is in after ${(readyMs / 1000).toFixed(1)} s`)
    return [
      page,
      { id: 'demo-ready', what: 'to the word “ready”, history in', value: readyMs / 1000, unit: 's' },
    ]
  } finally {
    await end(child)
    rmSync(copy, { recursive: true, force: true })
  }
}

const ROOT = new URL('../../..', import.meta.url).pathname
const PATIENCE_MS = 120_000

function freshCopy(): string {
  const copy = mkdtempSync(join(tmpdir(), 'bench-demo-'))
  for (const name of ['package.json', 'tsconfig.json', 'broker', 'server', 'simulators', 'web']) {
    cpSync(join(ROOT, name), join(copy, name), {
      recursive: true,
      filter: (path) => path !== join(ROOT, 'web/dist'),
    })
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/** The page is served with its script, a person can sign in, and the network is there. */
async function answers(child: ChildProcess, url: string): Promise<void> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; await sleep(50)) {
    if (child.exitCode !== null) throw new Error('the demo stopped')
    const page = await fetch(url).catch(() => undefined)
    const script = /src="([^"]+\.js)"/.exec((await page?.text()) ?? '')?.[1]
    if (script === undefined || (await fetch(new URL(script, url))).status !== 200) continue
    const session = await fetch(`${url}${API}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ username: 'dispatcher', password: 'demo' }),
    })
    const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const network = await fetch(`${url}${API}/network`, { headers: { cookie } })
    if (network.status === 200) return
  }
  throw new Error('the demo did not come up')
}

function said(child: ChildProcess, words: string): Promise<void> {
  return new Promise((resolve) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text = (text + chunk.toString()).slice(-20_000)
      if (text.includes(words)) resolve()
    })
  })
}

/** The whole group: npm, the server and its simulated devices. */
async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null) return
  const gone = once(child, 'exit')
  process.kill(-child.pid, 'SIGTERM')
  await gone
}
