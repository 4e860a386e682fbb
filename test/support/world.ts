import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync, type MqttClient } from 'mqtt'
import type { NetworkFile } from '#contract/network.ts'
import { isRefusal } from '#contract/problem.ts'
import type { Channel } from '#contract/topics.ts'
import { createApp, type App } from '../../server/app.ts'
import { readConfig, type Config } from '../../server/config.ts'
import { takeDataDir, type DataDir } from '../../server/disk/data-dir.ts'
import { instantText, parseInstant, type Instant } from '../../server/domain/instant.ts'
import { ensureDemoPeople } from '../../server/flows/access/people.ts'
import { at } from './desk-world.ts'
import { openLiveStream, type LiveStream } from './live-stream.ts'
import { createPersonClient, type PersonClient } from './person-client.ts'
import { quickHash } from './quick-hash.ts'
import { silentLog } from './silent-log.ts'
import { aTown } from './town.ts'

export const SECRET = 'demo'

interface Step {
  readonly hours?: number
  readonly minutes?: number
  readonly seconds?: number
}

/** The whole server in this process, on a clock that stands until it is moved. */
export interface World {
  readonly dir: string
  url(): string
  mqttUrl(): string
  now(): Instant
  /** What the terminal shows as long as nobody has an account. */
  firstCode(): string
  /** A demo person; signs in at the first request. */
  as(name: string): PersonClient
  /** Publishes as the device, QoS 1; resolves at the PUBACK. */
  publish(deviceId: string, body: unknown, channel?: Channel): Promise<void>
  /** The same to any topic; rejects when the broker hangs up instead. */
  publishTo(deviceId: string, topic: string, body: unknown): Promise<void>
  /** The server's own time of a wall clock: `world.ms('22:50:00')`, `world.ms('2026-01-16T02:50:00')`. */
  ms(text: string): number
  /** What was acknowledged is consumed; the clock stands still. */
  settle(): Promise<void>
  advance(step: Step): Promise<void>
  until(text: string): Promise<void>
  live(name?: string, lastEventId?: string): Promise<LiveStream>
  /** Closes everything and opens it again on the same directory. */
  /** `whileAway` runs before the server opens again. */
  restart(whileAway?: () => Promise<void>): Promise<void>
  close(): Promise<void>
}

export interface WorldOptions {
  /** A small town, where nothing else is said. */
  readonly network?: NetworkFile | 'none'
  /** The demo's, where nothing else is said. */
  readonly people?: 'none'
  /** Shanghai time, as `at` of desk-world.ts reads it. */
  readonly start?: string
  readonly config?: Partial<Config>
  /** Where the built page is; without it there is only the API. */
  readonly pageRoot?: string
}

/** A furnished world: a small town, the demo's people, every device with the secret `demo`. */
export async function aWorld(options: WorldOptions = {}): Promise<World> {
  const dir = mkdtempSync(join(tmpdir(), 'world-'))
  const config = worldConfig(dir, options)
  const devices = new Map<string, MqttClient>()
  const people = new Map<string, PersonClient>()
  const streams = new Set<LiveStream>()
  let { held, app } = await boot(config, options.pageRoot)
  await furnish(app, options)
  let address = await app.listen()

  async function shut(): Promise<void> {
    for (const stream of streams) stream.close()
    streams.clear()
    await Promise.all([...devices.values()].map((client) => client.endAsync(true)))
    devices.clear()
    await app.close()
    held.release()
  }
  async function device(deviceId: string): Promise<MqttClient> {
    const known = devices.get(deviceId)
    if (known !== undefined) return known
    const client = await connectAsync(app.mqttUrl, {
      clientId: deviceId,
      username: deviceId,
      password: SECRET,
      reconnectPeriod: 0,
    })
    devices.set(deviceId, client)
    return client
  }
  async function publishTo(deviceId: string, topic: string, body: unknown): Promise<void> {
    const bytes = Buffer.isBuffer(body) || typeof body === 'string' ? body : JSON.stringify(body)
    const client = await device(deviceId)
    await new Promise<void>((resolve, reject) => {
      const hungUp = (): void => {
        devices.delete(deviceId)
        reject(new Error('the broker hung up'))
      }
      client.once('close', hungUp)
      client.publish(topic, bytes, { qos: 1 }, (error) => {
        client.off('close', hungUp)
        if (error) reject(error)
        else resolve()
      })
    })
  }
  function as(name: string): PersonClient {
    const known = people.get(name) ?? createPersonClient(() => address, { name, password: SECRET })
    people.set(name, known)
    return known
  }
  async function moveTo(to: Instant): Promise<void> {
    await as('admin').put('/clock', { now: instantText(to) })
  }

  return {
    dir,
    as,
    url: () => address,
    mqttUrl: () => app.mqttUrl,
    now: () => app.clock.now(),
    firstCode: () => app.firstAdministrator.code,
    ms: at,
    settle: () => moveTo(app.clock.now()),
    advance: ({ hours = 0, minutes = 0, seconds = 0 }) =>
      moveTo(app.clock.now() + ((hours * 60 + minutes) * 60 + seconds) * 1000),
    until: (text) => moveTo(at(text)),
    publishTo,
    publish: (deviceId, body, channel = 'telemetry') =>
      publishTo(deviceId, `dh/v1/${deviceId}/${channel}`, body),
    async live(name = 'wall', lastEventId) {
      const stream = await openLiveStream(address, { cookie: await as(name).cookie(), lastEventId })
      streams.add(stream)
      return stream
    },
    async restart(whileAway) {
      await shut()
      await whileAway?.()
      ;({ held, app } = await boot(config, options.pageRoot))
      address = await app.listen()
    },
    async close() {
      await shut()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function boot(config: Config, pageRoot = ''): Promise<{ held: DataDir; app: App }> {
  const held = takeDataDir(config.dataDir, process.pid)
  return { held, app: await createApp({ config, dataDir: held, log: silentLog, pageRoot }) }
}

/** The registry, the people and the secrets that a demo has, without its simulated devices. */
async function furnish(app: App, { network = aTown(), people }: WorldOptions): Promise<void> {
  if (network !== 'none') {
    const answer = await app.registry.import(network, { by: 'test' })
    if (isRefusal(answer)) throw new Error(`the test network was refused: ${JSON.stringify(answer.errors)}`)
  }
  const { devices, departments } = app.registry.current()
  await app.credentials.ensureAll(devices.keys(), SECRET)
  if (people === 'none') return
  await ensureDemoPeople(app.people, departments.values(), app.clock.now(), quickHash)
}

/** A directory that a real server process can be started on. */
export async function furnishedDir(options: WorldOptions = {}): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'server-'))
  const { held, app } = await boot(worldConfig(dir, options))
  await furnish(app, options)
  await app.close()
  held.release()
  return dir
}

function worldConfig(dir: string, { start = '22:50:00', config: changes }: WorldOptions): Config {
  const config = readConfig({
    WELLWATCH_DATA_DIR: dir,
    WELLWATCH_HTTP_PORT: '0',
    WELLWATCH_MQTT_PORT: '0',
    WELLWATCH_CLOCK: 'manual',
    WELLWATCH_CLOCK_START: instantText(at(start)),
    WELLWATCH_LOG_LEVEL: 'silent',
    WELLWATCH_JOURNAL_SEGMENT_MB: '1',
    WELLWATCH_JOURNAL_CAPACITY_MB: '64',
  })
  if ('mistakes' in config) throw new Error(config.mistakes.join('\n'))
  return { ...config, ...changes }
}

/** Milliseconds of an instant in JSON. */
export function msOf(text: string | undefined): number {
  const instant = text === undefined ? undefined : parseInstant(text)
  if (instant === undefined) throw new Error(`not an instant: ${String(text)}`)
  return instant
}
