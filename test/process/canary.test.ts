import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectAsync } from 'mqtt'
import type { TSchema } from 'typebox'
import Value from 'typebox/value'
import { afterEach, expect, it, vi } from 'vitest'
import { CHANNEL_KINDS } from '../../server/notify/channel-kinds.ts'
import { freePort } from '../support/child-server.ts'
import { run, serverProcess, type ServerProcess } from '../support/server-process.ts'
import { openCover } from '../support/town.ts'
import { furnishedDir } from '../support/world.ts'

// Starting a server takes seconds where many processes share the machine.
vi.setConfig({ testTimeout: 120_000 })

const made: { remove(): unknown }[] = []
afterEach(async () => {
  for (const one of made.splice(0)) await one.remove()
})

/** Each marked so that it is found wherever it turns up, in base64 too. */
const canary = (name: string): string => `canary-${name}-7f3a9`
const WEBHOOK = `whsec_${Buffer.from(canary('webhook-secret-long')).toString('base64')}`

const SETTINGS = {
  WELLWATCH_INFLUX_TOKEN: canary('influx-token'),
  WELLWATCH_INFLUX_PASSWORD: canary('influx-password'),
  WELLWATCH_MQTT_PASSWORD: canary('mqtt-password'),
  WELLWATCH_CALL_CENTRE_KEY: canary('call-centre-key'),
  WELLWATCH_METRICS_KEY: canary('metrics-key'),
}

/** What a channel's secret may have to look like; the first that fits its schema is taken. */
const secretsOf = (name: string, port: number): readonly string[] => [
  canary(name),
  `http://127.0.0.1:${String(port)}/${canary(`${name}-path`)}?key=${canary(name)}`,
  WEBHOOK,
]
/** Keys of channels that hold no secret; any other that a kind needs has an example in its schema. */
const open = (port: number): Readonly<Record<string, unknown>> => ({
  host: '127.0.0.1',
  port,
  tls: 'none',
  username: 'wellwatch',
  from: 'wellwatch@heat.example',
})

/** Every kind of channel fails at an address where nobody listens, with all its secrets at hand. */
const channels = (port: number): string =>
  [
    '[notify]\nallow = ["127.0.0.1"]',
    ...CHANNEL_KINDS.map(({ type, schema }) => {
      const keys = Object.entries<TSchema>(schema.properties).flatMap(([key, each]) => {
        const fits = secretsOf(`${type}-${key}`, port).find((secret) => Value.Check(each, secret))
        const value = 'writeOnly' in each ? fits : (open(port)[key] ?? exampleOf(each))
        return value === undefined ? [] : [`${snake(key)} = ${JSON.stringify(value)}`]
      })
      return ['[[notify.channel]]', `id = "${type}"`, `type = "${type}"`, ...keys].join('\n')
    }),
  ].join('\n')
const exampleOf = (schema: TSchema): unknown =>
  'examples' in schema ? [schema.examples].flat()[0] : undefined
const snake = (key: string): string => key.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

async function aServer(more: Record<string, string>): Promise<{ server: ServerProcess; logs: string }> {
  const dir = await furnishedDir()
  const nearby = mkdtempSync(join(tmpdir(), 'canary-'))
  made.push({ remove: () => rmSync(nearby, { recursive: true, force: true }) })
  const nobody = await freePort()
  const config = join(nearby, 'wellwatch.toml')
  writeFileSync(config, channels(nobody))
  const logs = join(nearby, 'logs')
  mkdirSync(logs)
  const password = `${canary('password')}\n`
  const added = await run(
    ['server/cli.ts', 'users', 'add', 'chief', '--role', 'admin'],
    { WELLWATCH_DATA_DIR: dir },
    password,
  )
  expect(added.code).toBe(0)
  const server = await serverProcess(dir, {
    env: {
      ...SETTINGS,
      WELLWATCH_CONFIG: config,
      WELLWATCH_LOG_LEVEL: 'debug',
      WELLWATCH_LOG_FILE: join(logs, 'wellwatch.log'),
      WELLWATCH_INFLUX_URL: `http://127.0.0.1:${String(nobody)}`,
      WELLWATCH_HEARTBEAT_URL: `http://127.0.0.1:${String(nobody)}/beat/${canary('heartbeat')}`,
      ...more,
    },
  })
  made.push(server)
  await server.start()
  return { server, logs }
}

/** Right and wrong secrets at every door; returns what the doors said and the secrets that were made. */
async function knockEverywhere(server: ServerProcess): Promise<{ said: string; tokens: readonly string[] }> {
  const said: string[] = []
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const response = await fetch(`${server.url}${path}`, init)
    said.push(JSON.stringify([...response.headers].filter(([name]) => name !== 'set-cookie')))
    said.push(await response.clone().text())
    return response
  }
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    ask(path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } })
  const login = (password: string) => post('/api/v1/session', JSON.stringify({ username: 'chief', password }))
  await login(canary('wrong-password'))
  await post('/api/v1/session', `{"username":"chief","password":"${canary('broken-body')}`)
  await post('/api/v1/session', JSON.stringify({ username: { $ne: canary('object') }, password: 7 }))
  const cookie = (await login(canary('password'))).headers.getSetCookie()[0]?.split(';')[0] ?? ''
  const token = cookie.split('=')[1] ?? ''
  expect(token.length).toBeGreaterThan(20)
  const basic = (secret: string) => ({
    authorization: `Basic ${Buffer.from(`dev-w2:${secret}`).toString('base64')}`,
  })
  await post('/api/v1/device/dev-w2/telemetry', '{}', basic(canary('device-secret')))
  await ask('/api/v1/tickets', { headers: { authorization: `Bearer ${canary('bearer')}` } })
  await post('/api/v1/calls/external', '{}', {
    authorization: `Bearer ${SETTINGS.WELLWATCH_CALL_CENTRE_KEY}`,
  })
  const paths = [
    'health',
    'policy',
    'users',
    'devices',
    'notifications?state=waiting',
    'notifications?state=dead',
    'roster',
    'clock',
    'audit',
  ]
  for (const path of paths) await ask(`/api/v1/${path}`, { headers: { cookie } })
  for (const path of ['/metrics', '/readyz', '/livez', '/api/openapi.json', '/nowhere']) await ask(path)
  await ask('/metrics', { headers: { authorization: `Bearer ${SETTINGS.WELLWATCH_METRICS_KEY}` } })
  return { said: said.join('\n'), tokens: [token] }
}

it.each([
  ['InfluxDB 1', { WELLWATCH_INFLUX_VERSION: '1', WELLWATCH_INFLUX_USERNAME: 'writer' }],
  ['InfluxDB 2', { WELLWATCH_INFLUX_VERSION: '2', WELLWATCH_INFLUX_ORG: 'heat' }],
])('N28 no secret is ever said aloud: with %s', async (_name, more) => {
  const { server, logs } = await aServer(more)
  const login = {
    clientId: 'dev-w2',
    username: 'dev-w2',
    password: canary('mqtt-secret'),
    reconnectPeriod: 0,
  }
  const address = `mqtt://127.0.0.1:${server.env['WELLWATCH_MQTT_PORT'] ?? ''}`
  await expect(connectAsync(address, login, false)).rejects.toThrow()
  await server.publish('dev-w1', openCover(Date.now() - 40_000, 3))
  const caller = { kind: 'consult', contact: 'consult', address: '解放路', callerPhone: '13977700077' }
  await server.as('operator').post('/calls', { ...caller, callerName: '金丝雀', join: 'new' })
  const { said, tokens } = await knockEverywhere(server)
  // Long enough for the store, the channels and the heartbeat to have failed aloud.
  await vi.waitFor(() => {
    const text = readFileSync(join(logs, 'wellwatch.log'), 'utf8')
    expect(text).toContain('readings cannot be stored')
    expect(text).toContain('the heartbeat')
  }, 20_000)
  await server.stop()
  const log = readdirSync(logs)
    .map((file) => readFileSync(join(logs, file), 'utf8'))
    .join('\n')
  expect(log).toContain('listening')
  const local = readFileSync(join(server.dir, 'local.key'), 'utf8')
  const everything = [said, server.said(), log].join('\n')
  expect([server.said(), log].join('\n')).not.toMatch(/13977700077|金丝雀/)
  expect(everything.match(/.{0,60}canary-.{0,60}/g)).toBeNull()
  for (const secret of [...tokens, local, WEBHOOK]) expect(everything).not.toContain(secret)
  // Nor does the disk know a password or a session, only their hashes.
  const onDisk = readdirSync(server.dir, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  )
  for (const { parentPath, name: file } of onDisk) {
    const bytes = readFileSync(join(parentPath, file))
    for (const secret of [canary('password'), ...tokens])
      expect([file, bytes.includes(secret)]).toEqual([file, false])
  }
})
