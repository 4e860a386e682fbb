import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectAsync, type MqttClient } from 'mqtt'
import type { Channel } from '#contract/topics.ts'
import { freePort } from './child-server.ts'
import { createPersonClient, type PersonClient } from './person-client.ts'
import { SECRET } from './world.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const PATIENCE_MS = 30_000

/** A real server process on ports of its own, to be killed and started again. */
export interface ServerProcess {
  readonly dir: string
  readonly url: string
  readonly env: Readonly<Record<string, string>>
  /** Everything it has written so far, both streams. */
  said(): string
  pid(): number
  as(name: string): PersonClient
  device(deviceId: string): Promise<MqttClient>
  publish(deviceId: string, body: unknown, channel?: Channel): Promise<void>
  /** Resolves when the process is ready to serve, or when `said` matches. */
  start(): Promise<void>
  until(text: RegExp): Promise<void>
  /** At once, as a power cut would. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
  /** Kills what is left and removes the directory. */
  remove(): Promise<void>
}

export async function serverProcess(
  dir: string,
  options: { readonly script?: readonly string[]; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<ServerProcess> {
  const [http, mqtt] = [await freePort(), await freePort()]
  const env = {
    WELLWATCH_DATA_DIR: dir,
    WELLWATCH_HTTP_PORT: String(http),
    WELLWATCH_MQTT_PORT: String(mqtt),
    WELLWATCH_JOURNAL_CAPACITY_MB: '256',
    ...options.env,
  }
  const url = `http://127.0.0.1:${String(http)}`
  const devices = new Map<string, MqttClient>()
  const people = new Map<string, PersonClient>()
  let child: ChildProcess | undefined
  let said = ''

  async function device(deviceId: string): Promise<MqttClient> {
    const known = devices.get(deviceId)
    if (known?.connected === true) return known
    const login = { clientId: deviceId, username: deviceId, password: SECRET, reconnectPeriod: 0 }
    // A server that closes before its CONNACK is an error too, not a wait for ever.
    const client = await connectAsync(`mqtt://127.0.0.1:${String(mqtt)}`, login, false)
    devices.set(deviceId, client)
    return client
  }
  async function ended(signal: NodeJS.Signals): Promise<number | null> {
    const ending = child
    for (const client of devices.values()) client.end(true)
    devices.clear()
    if (ending === undefined || ending.exitCode !== null || ending.signalCode !== null) {
      return ending?.exitCode ?? null
    }
    const exit = once(ending, 'exit')
    ending.kill(signal)
    await exit
    return ending.exitCode
  }
  const alive = () => child !== undefined && child.exitCode === null && child.signalCode === null
  async function waitFor(ready: () => Promise<boolean>): Promise<void> {
    for (const last = Date.now() + PATIENCE_MS; Date.now() < last; await sleep(40)) {
      if (await ready()) return
      if (!alive()) break
    }
    throw new Error(`the server did not get there:\n${said}`)
  }

  return {
    dir,
    url,
    env,
    device,
    said: () => said,
    pid: () => child?.pid ?? 0,
    as(name) {
      const known = people.get(name) ?? createPersonClient(() => url, { name, password: SECRET })
      people.set(name, known)
      return known
    },
    async publish(deviceId, body, channel = 'telemetry') {
      const bytes = Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body)
      await (await device(deviceId)).publishAsync(`dh/v1/${deviceId}/${channel}`, bytes, { qos: 1 })
    },
    async start() {
      child = runNode(options.script ?? ['server/main.ts'], env)
      const hear = (text: Buffer): void => void (said += text.toString())
      child.stdout?.on('data', hear)
      child.stderr?.on('data', hear)
      await waitFor(() =>
        fetch(`${url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        ),
      )
    },
    until: (text) => waitFor(async () => text.test(said)),
    async kill() {
      await ended('SIGKILL')
    },
    stop: () => ended('SIGTERM'),
    async remove() {
      await ended('SIGKILL')
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** What a process needs of its parent's environment; the settings of whoever runs the tests stay outside. */
export const INHERITED = Object.fromEntries(
  ['PATH', 'HOME', 'TMPDIR', 'TZ', 'NODE_COMPILE_CACHE'].flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  }),
)

function runNode(args: readonly string[], env: Readonly<Record<string, string>>): ChildProcess {
  return spawn(process.execPath, args, {
    cwd: ROOT,
    env: { ...INHERITED, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
}

export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A command run to its end. */
export async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<Ran> {
  const child = runNode(args, env)
  let out = ''
  let err = ''
  child.stdout?.on('data', (text: Buffer) => void (out += text.toString()))
  child.stderr?.on('data', (text: Buffer) => void (err += text.toString()))
  child.stdin?.end(input)
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

/** Looks until it is so, and says what it saw last when it never is. */
export async function eventually<T>(
  look: () => Promise<T>,
  isSo: (seen: T) => boolean,
  patienceMs = 10_000,
): Promise<T> {
  for (const last = Date.now() + patienceMs; ; await sleep(50)) {
    const seen = await look()
    if (isSo(seen)) return seen
    if (Date.now() > last) throw new Error(`never so; last seen ${JSON.stringify(seen)?.slice(0, 500)}`)
  }
}
