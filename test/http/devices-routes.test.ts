import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createDeviceCredentials } from '../../server/flows/readings/device-credentials.ts'
import { createQuarantine } from '../../server/flows/readings/quarantine.ts'
import { createUnknownSenders } from '../../server/flows/readings/unknown-senders.ts'
import type { Network } from '../../server/domain/network/network.ts'
import type { Role } from '#contract/vocabulary.ts'
import { devicesRoutes } from '../../server/http/devices/device-routes.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { WUDA_ROUTING } from '../../server/domain/network/routing-table.ts'
import { createLog } from '../../server/process/log.ts'
import { openDatabase } from '../../server/store/sql/database.ts'
import { createCredentialStore } from '../../server/store/sql/device-credential-store.ts'
import { migrate } from '../../server/store/sql/migrate.ts'

const NOON = Date.parse('2026-01-15T12:00:00+08:00')
const LISTED = { id: 'd1', assetId: 'well-1', signals: ['cover_open'], intervalS: 60 }
const WELL = {
  id: 'well-1',
  name: 'J-001',
  kind: 'well',
  network: 'primary',
  position: [87.6, 43.8],
} as const
const PLACED = { ...LISTED, asset: WELL }
const network: Network = {
  version: 1,
  points: new Map(),
  pipes: new Map(),
  areas: [],
  departments: new Map(),
  devices: new Map([['d1', PLACED]]),
  retired: new Map(),
  pipesAt: new Map(),
  routing: WUDA_ROUTING,
}
const db = openDatabase(':memory:')
const credentials = createDeviceCredentials({
  store: createCredentialStore(db),
  key: 'key',
  clock: { now: () => NOON },
})
const quarantine = createQuarantine()
const unknown = createUnknownSenders(
  () => NOON,
  (id) => network.devices.has(id),
)
const asked: string[] = []
let ended: string[] = []
let http: Http

const identify = async (role: string) => ({
  kind: 'person' as const,
  id: role,
  name: role,
  roles: [role as Role],
})

beforeAll(async () => {
  await migrate(db)
  http = await createHttp({ log: createLog('silent'), identify })
  const source = { current: () => network, changeDevices: () => Promise.reject(new Error('not asked')) }
  await http.register(
    devicesRoutes({
      network: source,
      credentials,
      quarantine,
      unknown,
      clock: { now: () => NOON },
      disconnect: (id) => ended.push(id),
      command: (id, name) =>
        id === 'd1' ? Promise.resolve(void asked.push(name)) : Promise.reject(new Error('away')),
    }),
  )
})
beforeEach(() => {
  ended = []
})
afterAll(async () => {
  await http.close()
  await db.destroy()
})

const as = (role: string) => ({ authorization: `Bearer ${role}` })
const call = (method: 'GET' | 'POST' | 'DELETE', url: string, role: string, payload?: object) =>
  http.inject({
    method,
    url: `/api/v1${url}`,
    headers: as(role),
    ...(payload === undefined ? {} : { payload }),
  })

describe('devices and their secrets', () => {
  it('issues a random secret to an engineer once, and ends the connection of the old one', async () => {
    const response = await call('POST', '/devices/d1/secret', 'engineer')
    expect(response.statusCode).toBe(201)
    const { secret } = response.json<{ secret: string }>()
    expect(await credentials.verify('d1', secret)).toBe(true)
    expect(ended).toEqual(['d1'])
    const list = await call('GET', '/devices', 'wall')
    expect(list.json()).toEqual({
      items: [{ ...LISTED, credential: { scheme: 'hmac-sha256', issuedAt: '2026-01-15T12:00:00+08:00' } }],
    })
    expect(list.body).not.toContain(secret)
  })

  it('takes a secret chosen by hand and does not tell it back', async () => {
    const response = await call('POST', '/devices/d1/secret', 'engineer', { secret: 'chosen by hand' })
    expect(response.statusCode).toBe(201)
    expect(response.json()).toEqual({ deviceId: 'd1' })
    expect(await credentials.verify('d1', 'chosen by hand')).toBe(true)
  })

  it('revokes a secret and ends the connection', async () => {
    await credentials.issue('d1')
    expect((await call('DELETE', '/devices/d1/secret', 'engineer')).statusCode).toBe(204)
    expect(ended).toEqual(['d1'])
    expect((await call('DELETE', '/devices/d1/secret', 'engineer')).statusCode).toBe(404)
  })

  it.each([
    ['POST', '/devices/d1/secret', 'dispatcher', undefined, 403],
    ['DELETE', '/devices/d1/secret', 'crew', undefined, 403],
    ['POST', '/devices/d9/secret', 'engineer', undefined, 404],
    ['POST', '/devices/d1/secret', 'engineer', { secret: 'short' }, 422],
    ['POST', '/devices/d1/secret', 'engineer', { hash: 'x' }, 400],
    ['POST', '/devices/+/secret', 'engineer', undefined, 400],
  ] as const)('%s %s by %s with %j is %i', async (...[method, url, role, payload, status]) => {
    expect((await call(method, url, role, payload)).statusCode).toBe(status)
    expect(ended).toEqual([])
  })

  it('asks a device to report now', async () => {
    expect((await call('POST', '/devices/d1/report', 'engineer')).statusCode).toBe(202)
    expect(asked).toEqual(['report'])
    expect((await call('POST', '/devices/d9/report', 'engineer')).statusCode).toBe(404)
    expect((await call('POST', '/devices/d1/report', 'crew')).statusCode).toBe(403)
  })

  it('names who was heard and is not known, with why, until a secret is issued', async () => {
    unknown.refused({ reason: 'wrong_secret', clientId: 'd1' })
    unknown.refused({ reason: 'wrong_secret', clientId: 'nobody' })
    unknown.refused({
      reason: 'foreign_topic',
      clientId: 'd1',
      topic: 'application/1/up',
      body: Buffer.from('\u0001x'),
    })
    const list = await call('GET', '/devices/unknown', 'engineer')
    const { items } = list.json<{ items: { clientId: string; reason: string; sample: string }[] }>()
    expect(items.map(({ clientId, reason }) => `${clientId} ${reason}`).sort()).toEqual([
      'd1 foreign_topic',
      'd1 wrong_secret',
      'nobody unknown_device',
    ])
    expect(items.find(({ reason }) => reason === 'foreign_topic')?.sample).toBe('\\x01x')
    await call('POST', '/devices/d1/secret', 'engineer')
    expect(unknown.list().map(({ clientId }) => clientId)).toEqual(['nobody'])
    expect((await call('GET', '/devices/unknown', 'dispatcher')).statusCode).toBe(403)
  })

  it('says what revoking cannot do where a broker elsewhere has the connections', async () => {
    const other = await createHttp({ log: createLog('silent'), identify })
    const source = { current: () => network, changeDevices: () => Promise.reject(new Error('not asked')) }
    const parts = { network: source, credentials, quarantine, unknown, clock: { now: () => NOON } }
    await other.register(devicesRoutes({ ...parts, command: () => Promise.reject(new Error('away')) }))
    await credentials.issue('d1')
    const ask = (method: 'GET' | 'POST' | 'DELETE', url: string) =>
      other.inject({ method, url, headers: as('engineer') })
    const revoked = await ask('DELETE', '/api/v1/devices/d1/secret')
    expect(revoked.statusCode).toBe(200)
    expect(revoked.json()).toMatchObject({
      elsewhere: { en: expect.stringContaining('neither ends the connection') },
    })
    expect((await ask('GET', '/api/v1/devices')).json()).toHaveProperty('elsewhere')
    expect((await ask('POST', '/api/v1/devices/d1/report')).statusCode).toBe(503)
    await other.close()
  })

  it('shows nothing to who has not signed in', async () => {
    expect((await http.inject('/api/v1/devices')).statusCode).toBe(401)
  })
})
