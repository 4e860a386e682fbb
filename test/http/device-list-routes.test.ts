import { beforeEach, describe, expect, it } from 'vitest'
import type { Problem } from '#contract/problem.ts'
import type { Role } from '#contract/vocabulary.ts'
import type { NetworkRegistry } from '../../server/flows/network/change-network.ts'
import {
  createDeviceCredentials,
  type DeviceCredentials,
} from '../../server/flows/readings/device-credentials.ts'
import { createQuarantine } from '../../server/flows/readings/quarantine.ts'
import { createUnknownSenders } from '../../server/flows/readings/unknown-senders.ts'
import { devicesRoutes } from '../../server/http/devices/device-routes.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { auditRequests } from '../../server/http/people/audit-requests.ts'
import { createCredentialStore } from '../../server/store/sql/device-credential-store.ts'
import { aRegistry } from '../support/network-registry.ts'
import { aDevice, aFile, aPipe, aSource, aWell, place } from '../support/networks.ts'
import { silentLog } from '../support/silent-log.ts'

const H = aSource('H', place(0, 0))
const A = aWell('W-1', place(500, 0), { devices: [aDevice('dev-a'), aDevice('dev-b')] })
const B = aWell('W-2', place(900, 0))
const FILE = aFile(H, A, B, aPipe('HA', H, A), aPipe('AB', A, B))
const NEW = { ...aDevice('dev-c'), assetId: 'W-2' }

let http: Http
let registry: NetworkRegistry
let credentials: DeviceCredentials
let unknown: ReturnType<typeof createUnknownSenders>
let ended: string[]
let audited: string[]
let close: () => Promise<void>

beforeEach(async () => {
  const made = await aRegistry()
  registry = made.registry
  await registry.import(FILE, { by: 'test' })
  const store = createCredentialStore(made.db)
  credentials = createDeviceCredentials({ store, key: 'key', clock: made.clock })
  unknown = createUnknownSenders(made.clock.now, (id) => registry.current().devices.has(id))
  ended = []
  audited = []
  http = await createHttp({
    log: silentLog,
    identify: async (role) => ({ kind: 'person', id: role, name: role, roles: [role as Role] }),
  })
  auditRequests(http, {
    record: ({ action, subject, status }) => void audited.push(`${action} ${subject} ${status}`),
  })
  await http.register(
    devicesRoutes({
      ...{ network: registry, credentials, quarantine: createQuarantine(), unknown, clock: made.clock },
      disconnect: (id) => ended.push(id),
      command: () => Promise.resolve(),
    }),
  )
  close = async () => {
    await http.close()
    await made.db.destroy()
  }
  return close
})

async function call(
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  url: string,
  payload?: object,
  role = 'engineer',
) {
  const reply = await http.inject({
    ...{ method, url: `/api/v1/devices${url}`, headers: { authorization: `Bearer ${role}` } },
    ...(payload === undefined ? {} : { payload }),
  })
  return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json<Problem>() }
}
const at = (id: string) => registry.current().devices.get(id)?.assetId

describe('the list of devices', () => {
  it('takes a new device at once, so that it may have a secret', async () => {
    unknown.hear({ clientId: 'dev-c', reason: 'unplaced_device' })
    expect(await call('POST', '', NEW)).toMatchObject({
      status: 201,
      body: { added: ['dev-c'], unchanged: 0 },
    })
    expect(at('dev-c')).toBe('W-2')
    expect(unknown.list()).toEqual([])
    expect((await call('POST', '/dev-c/secret')).status).toBe(201)
    expect(audited).toContain('POST /api/v1/devices /api/v1/devices/dev-c 201')
    expect(registry.versions().at(-1)).toMatchObject({
      importedBy: 'engineer',
      summary: { added: 1, changed: 0, removed: 0, devices: ['dev-c'] },
    })
  })

  it('changes and moves a device, and makes nothing of the same again', async () => {
    const moved = { ...aDevice('dev-a', { intervalS: 900, power: 'battery' }), assetId: 'W-2' }
    expect(await call('PUT', '/dev-a', moved)).toMatchObject({ status: 200, body: { changed: ['dev-a'] } })
    expect(registry.current().devices.get('dev-a')).toMatchObject({ assetId: 'W-2', intervalS: 900 })
    const { version } = registry.current()
    expect(await call('PUT', '/dev-a', moved)).toMatchObject({ body: { changed: [], unchanged: 1 } })
    expect(registry.current().version).toBe(version)
  })

  it('retires a device: its secret and its connection end, its place and time stay', async () => {
    const secret = await credentials.issue('dev-a')
    expect((await call('DELETE', '/dev-a')).status).toBe(204)
    expect(at('dev-a')).toBeUndefined()
    expect(await credentials.verify('dev-a', String(secret))).toBe(false)
    expect(ended).toEqual(['dev-a'])
    const reply = await http.inject({ url: '/api/v1/devices', headers: { authorization: 'Bearer wall' } })
    const { items } = reply.json<{ items: { id: string; retired?: object }[] }>()
    expect(items.find(({ id }) => id === 'dev-a')).toMatchObject({
      retired: { at: '2026-01-15T12:00:00+08:00', assetId: 'W-1' },
      credential: { revokedAt: '2026-01-15T12:00:00+08:00' },
    })
    expect((await call('POST', '/dev-a/secret')).status).toBe(404)
    expect((await call('DELETE', '/dev-a')).status).toBe(404)
    const back = await call('POST', '', { ...aDevice('dev-a'), assetId: 'W-2' })
    expect(back).toMatchObject({ status: 201, body: { added: ['dev-a'] } })
    expect(JSON.stringify(back.body)).toContain('each needs a new secret')
    expect(registry.current().retired.size).toBe(0)
  })

  it('is not undone by the next network file, which says what it did not take', async () => {
    await call('PUT', '/dev-a', { ...aDevice('dev-a', { intervalS: 900 }), assetId: 'W-2' })
    await call('DELETE', '/dev-b')
    await call('POST', '', NEW)
    const done = await registry.import(FILE, { by: 'test' })
    expect(done).toMatchObject({ added: [], changed: [], removed: [] })
    expect(JSON.stringify(done)).toContain('the devices dev-a, dev-b stay as the list of devices has them')
    expect([...registry.current().devices.keys()].sort()).toEqual(['dev-a', 'dev-c'])
    expect(registry.current().devices.get('dev-a')).toMatchObject({ assetId: 'W-2', intervalS: 900 })

    const withoutW2 = await registry.import(aFile(H, A, aPipe('HA', H, A)), { by: 'test', replace: true })
    expect(JSON.stringify(withoutW2)).toContain('the assets of the devices dev-a, dev-c are removed')
    expect([...registry.current().devices.keys()]).toEqual([])
    await registry.import(FILE, { by: 'test' })
    expect(at('dev-a')).toBe('W-1')
    expect(registry.current().retired.has('dev-b')).toBe(true)
  })

  it('issues secrets for a list, all or none, and ends the connections of the old ones', async () => {
    const ask = (ids: readonly string[], role = 'engineer') =>
      http.inject({
        ...{ method: 'POST', url: '/api/v1/devices/secrets', payload: { ids } },
        headers: { authorization: `Bearer ${role}` },
      })
    const old = String(await credentials.issue('dev-a'))
    const missing = await ask(['dev-a', 'dev-x'])
    expect(missing.statusCode).toBe(422)
    expect(missing.json<Problem>().detailEn).toContain('there are no devices dev-x')
    expect(await credentials.verify('dev-a', old)).toBe(true)
    const file = await ask(['dev-a', 'dev-b', 'dev-a'])
    expect(file.headers['content-disposition']).toContain('secrets.csv')
    const [head, ...lines] = file.body.trim().split('\r\n')
    expect([head, lines.length]).toEqual(['id,secret', 2])
    for (const line of lines) {
      const [id = '', secret = ''] = line.split(',')
      expect(await credentials.verify(id, secret)).toBe(true)
    }
    expect(await credentials.verify('dev-a', old)).toBe(false)
    expect(ended).toEqual(['dev-a', 'dev-b'])
    expect((await ask([])).statusCode).toBe(400)
    expect((await ask(['dev-a'], 'dispatcher')).statusCode).toBe(403)
  })

  it('stands again after a restart', async () => {
    await call('POST', '', NEW)
    await call('DELETE', '/dev-b')
    await registry.load()
    expect([at('dev-c'), registry.current().retired.get('dev-b')?.assetId]).toEqual(['W-2', 'W-1'])
  })

  it.each([
    [
      'a device that is there',
      'POST',
      '',
      { ...NEW, id: 'dev-a' },
      409,
      'the device dev-a is at W-1 already',
    ],
    ['an unknown device', 'PUT', '/dev-x', { ...NEW, id: 'dev-x' }, 404, 'there is no device dev-x'],
    ['another id', 'PUT', '/dev-a', NEW, 422, 'an id cannot be changed'],
    ['an unknown asset', 'POST', '', { ...NEW, assetId: 'nowhere' }, 422, 'there is no asset nowhere'],
    ['an asset in other letters', 'POST', '', { ...NEW, assetId: 'w-2' }, 422, 'is W-2 meant?'],
    ['a pipe', 'POST', '', { ...NEW, assetId: 'HA' }, 422, 'HA is a pipe'],
    ['no asset', 'POST', '', aDevice('dev-c'), 422, 'assetId is missing'],
    ['no signals', 'POST', '', { ...NEW, signals: [] }, 422, 'signals: must not be empty'],
    ['a signal that is no name', 'POST', '', { ...NEW, signals: ['Cover open'] }, 422, 'signals'],
    ['an interval of nothing', 'POST', '', { ...NEW, intervalS: 0 }, 422, 'intervalS'],
    ['an id in capitals', 'POST', '', { ...NEW, id: 'DEV-C' }, 422, 'id: lower-case letters'],
    [
      'a pipe that is not there',
      'POST',
      '',
      { ...NEW, pipe: 'XX' },
      422,
      'the pipe XX that it measures is not there',
    ],
    [
      'a field that no device has',
      'POST',
      '',
      { ...NEW, colour: 'red' },
      422,
      'a device has no property colour',
    ],
    ['nothing at all', 'POST', '', {}, 422, 'id is missing'],
  ] as const)('refuses %s and changes nothing', async (...[, method, url, payload, status, words]) => {
    const before = registry.current()
    const refused = await call(method, url, payload)
    expect(refused.status).toBe(status)
    expect(refused.body?.detailEn).toContain(words)
    expect(registry.current()).toBe(before)
  })

  it.each([
    ['POST', ''],
    ['PUT', '/dev-a'],
    ['DELETE', '/dev-a'],
  ] as const)('%s %s is the right of engineers alone', async (method, url) => {
    for (const role of ['dispatcher', 'crew', 'wall', 'officer'])
      expect((await call(method, url, method === 'DELETE' ? undefined : NEW, role)).status).toBe(403)
  })
})
