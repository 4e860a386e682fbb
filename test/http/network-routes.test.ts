import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AssetDetail, AssetHit, Responsibilities } from '#contract/asset.ts'
import type { AssetState } from '#contract/live.ts'
import type { NetworkFile } from '#contract/network.ts'
import type { Problem } from '#contract/problem.ts'
import type { Role } from '#contract/vocabulary.ts'
import type { NetworkRegistry } from '../../server/flows/network/change-network.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { deliveryThread } from '../../server/formats/delivery-thread.ts'
import { importRoutes } from '../../server/http/network/import-routes.ts'
import { networkRoutes } from '../../server/http/network/network-routes.ts'
import { aRegistry } from '../support/network-registry.ts'
import { aDevice, aFile, anArea, aPipe, aSource, aStation, aWell, place } from '../support/networks.ts'
import { silentLog } from '../support/silent-log.ts'

const H = aSource('H', place(0, 0))
const A = aWell('井-1', place(500, 0), { address: '迎宾路与学府街交叉口', devices: [aDevice('dev-a')] })
const S = aStation('S', place(1000, 0))
const FILE = aFile(
  ...[H, A, S],
  aPipe('HA', H, A, { warrantyUntil: '2026-04-15' }),
  aPipe('AS', A, S, { class: 'branch' }),
  anArea('area-1', place(900, -100), place(1100, 100), { name: '城东', validFrom: '2020-01-01' }),
)
const OPEN: AssetState = { id: '井-1', health: 'fault', devices: [] }
const liveState = (id: string) => (id === '井-1' ? OPEN : undefined)

let http: Http
let registry: NetworkRegistry

beforeAll(async () => {
  const made = await aRegistry()
  registry = made.registry
  await registry.import(FILE, { by: 'test' })
  http = await createHttp({
    log: silentLog,
    identify: async (role) => ({ kind: 'person', id: role, name: role, roles: [role as Role] }),
  })
  await http.register(networkRoutes({ registry, clock: made.clock, liveState }))
  await http.register(importRoutes({ registry, readDelivery: deliveryThread }))
})
afterAll(() => http.close())

const as = (role: string) => ({ authorization: `Bearer ${role}` })
async function get<T>(url: string, role = 'wall') {
  const reply = await http.inject({ url: `/api/v1${url}`, headers: as(role) })
  return { status: reply.statusCode, body: reply.json<T>() }
}
async function post(query: string, payload: string | Buffer, role = 'engineer', type = 'application/json') {
  const headers = { ...as(role), 'content-type': type }
  const reply = await http.inject({
    method: 'POST',
    url: `/api/v1/network/imports${query}`,
    headers,
    payload,
  })
  return { status: reply.statusCode, body: reply.json<Record<string, string[]> & Problem>() }
}

describe('GET /network', () => {
  it('is GeoJSON with live state, whole enough to be imported again', async () => {
    const { status, body } = await get<NetworkFile & { version: number }>('/network')
    expect(status).toBe(200)
    expect(body).toMatchObject({ type: 'FeatureCollection', version: 1 })
    const well = body.features.find(({ properties }) => properties.id === '井-1')
    expect(well).toMatchObject({
      geometry: A.geometry,
      properties: { ...A.properties, health: 'fault', live: OPEN },
    })
    const area = body.features.find(({ properties }) => properties.kind === 'area')
    expect(area?.properties).toMatchObject({ department: 'area-1', validFrom: '2020-01-01T00:00:00+08:00' })
    const again = await registry.import(new TextEncoder().encode(JSON.stringify(body)), {
      by: 'test',
      dryRun: true,
    })
    expect(again).toMatchObject({ added: [], removed: [] })
  })
  it('without live state is the same file until the network changes, and costs no screen twice', async () => {
    const ask = (headers: object = {}) =>
      http.inject({ url: '/api/v1/network?live=false', headers: { ...as('wall'), ...headers } })
    const first = await ask()
    const well = first.json<NetworkFile>().features.find(({ properties }) => properties.kind === 'well')
    expect(well?.properties).toMatchObject(A.properties)
    expect(well?.properties).not.toHaveProperty('live')
    const tag = String(first.headers.etag)
    expect((await ask({ 'if-none-match': tag })).statusCode).toBe(304)
    expect((await ask({ 'if-none-match': '"another"' })).body).toBe(first.body)
  })
  it.each(['/network', '/assets?q=S', '/assets/S'])('%s wants a signed-in person', async (url) => {
    expect((await http.inject({ url: `/api/v1${url}` })).statusCode).toBe(401)
  })
})

describe('GET /assets', () => {
  it('finds by address', async () => {
    const { body } = await get<{ items: AssetHit[] }>(`/assets?q=${encodeURIComponent('学府街与迎宾路路口')}`)
    expect(body.items).toEqual([
      {
        id: '井-1',
        kind: 'well',
        name: '热力井井-1',
        network: 'primary',
        address: '迎宾路与学府街交叉口',
        position: A.geometry.coordinates,
        why: ['学府街、迎宾路 相符'],
      },
    ])
  })
  it('finds by place', async () => {
    const { body } = await get<{ items: AssetHit[] }>(`/assets?near=${place(1000, 30).join(',')}&limit=1`)
    expect(body.items).toMatchObject([{ id: 'S', distanceM: 30 }])
  })
  it.each(['near=106.7', 'near=a,b', 'limit=0', 'limit=51', `q=${'a'.repeat(201)}`])(
    'refuses %s',
    async (query) => {
      expect((await get(`/assets?${query}`)).status).toBe(400)
    },
  )
})

describe('GET /assets/{id}', () => {
  it('tells devices, neighbours, live state, and the owner today with the reason', async () => {
    const { body } = await get<AssetDetail>(`/assets/${encodeURIComponent('井-1')}`)
    expect(body).toMatchObject({
      id: '井-1',
      kind: 'well',
      network: 'primary',
      zone: 'primary:H',
      networkVersion: 1,
      live: OPEN,
      owner: { id: 'network-eng', name: '管网工程部', rule: 'trunk_under_warranty' },
      ownerChanges: [
        { at: '2026-04-15T00:00:00+08:00', department: { id: 'network-ops', rule: 'primary_in_service' } },
      ],
      devices: [{ id: 'dev-a', signals: ['cover_open', 'cover_tilt_deg'] }],
    })
    expect(body.owner.why).toContain('质保期至 2026-04-15 00:00:00')
    expect(body.neighbours.map(({ id, hops }) => [id, hops]).sort()).toEqual([
      ['H', 1],
      ['S', 1],
    ])
  })
  it('shows pipes too', async () => {
    expect((await get<AssetDetail>('/assets/AS')).body).toMatchObject({
      kind: 'pipe',
      owner: { rule: 'primary_in_service' },
    })
  })
  it('answers 404 for what is not there', async () => {
    expect(await get('/assets/nobody')).toMatchObject({ status: 404, body: { code: 'not-found' } })
  })
})

describe('GET /responsibilities', () => {
  it('tells areas, departments and the changes to come', async () => {
    const { body } = await get<Responsibilities>('/responsibilities')
    expect(body.areas).toEqual([
      {
        id: 'area-1',
        name: '城东',
        departmentId: 'area-1',
        valid: true,
        validFrom: '2020-01-01T00:00:00+08:00',
      },
    ])
    expect(body.departments).toContainEqual({ id: 'area-1', name: '城东运营部' })
    expect(body.changes.map(({ assetId, at, department }) => [assetId, at, department.id])).toEqual([
      ['井-1', '2026-04-15T00:00:00+08:00', 'network-ops'],
      ['HA', '2026-04-15T00:00:00+08:00', 'network-ops'],
    ])
  })
  it('answers as of another instant', async () => {
    const before = await get<Responsibilities>(
      `/responsibilities?at=${encodeURIComponent('2019-12-31T23:59:59+08:00')}`,
    )
    expect(before.body.areas).toMatchObject([{ valid: false }])
    const after = await get<Responsibilities>(
      `/responsibilities?at=${encodeURIComponent('2026-04-15T00:00:00+08:00')}`,
    )
    expect(after.body.changes).toEqual([])
    expect((await get('/responsibilities?at=yesterday')).status).toBe(400)
  })
})

describe('POST /network/imports', () => {
  const more = JSON.stringify(aFile(aWell('B', place(700, 0), { onPipe: 'AS' })))

  it('tells what a dry run would do', async () => {
    const { status, body } = await post('?dryRun=true', more)
    expect({ status, body }).toMatchObject({ status: 200, body: { added: ['B'], changed: [], removed: [] } })
    expect(registry.current().points.has('B')).toBe(false)
  })
  it('takes GeoJSON by its own media type, and says who imported', async () => {
    expect((await post('', more, 'engineer', 'application/geo+json')).body).toMatchObject({ added: ['B'] })
    expect(registry.versions().at(-1)).toMatchObject({ version: 2, importedBy: 'engineer' })
    expect((await post('?replace=true', JSON.stringify(FILE), 'admin')).body).toMatchObject({
      removed: ['B'],
    })
  })
  it('answers 422 with every mistake and changes nothing', async () => {
    const before = registry.current()
    const bad = JSON.stringify(aFile(aPipe('P', A, aWell('C', place(0, 0)), { diameterMm: -1 })))
    const { status, body } = await post('', bad)
    expect(status).toBe(422)
    expect(body).toMatchObject({
      code: 'bad-network',
      errors: [{ featureId: 'P', path: '/properties/diameterMm' }],
    })
    expect(registry.current()).toBe(before)
  })
  it.each([
    ['no JSON', '{'],
    ['nothing', ''],
  ])('answers 422 for %s', async (_name, payload) => {
    expect(await post('', payload)).toMatchObject({ status: 422, body: { code: 'bad-network' } })
  })
  it('answers 413 above 50 MB', async () => {
    const { status, body } = await post('', Buffer.alloc(50 * 1024 * 1024 + 1, 32))
    expect({ status, code: body.code }).toEqual({ status: 413, code: 'too-large' })
  })
  it.each(['dispatcher', 'crew', 'wall', 'officer', 'operator'])('is not the right of %s', async (role) => {
    expect(await post('', more, role)).toMatchObject({ status: 403, body: { code: 'not-your-right' } })
  })
})

describe('PATCH /assets/{id}', () => {
  async function patch(id: string, payload: object, role = 'engineer') {
    const url = `/api/v1/assets/${encodeURIComponent(id)}`
    const reply = await http.inject({ method: 'PATCH', url, headers: as(role), payload })
    return { status: reply.statusCode, body: reply.json<AssetDetail & Problem>() }
  }
  const reason = '现场核对'

  it('puts properties and place right, takes the pipes along, and keeps who, when and why', async () => {
    const before = registry.current().version
    const position = place(510, 20)
    const { status, body } = await patch('井-1', { reason, covers: 2, address: null, position })
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        position,
        properties: { covers: 2 },
        networkVersion: before + 1,
        devices: [{ id: 'dev-a' }],
        corrections: [{ by: 'engineer', fields: ['covers', 'address', 'position'], reason }],
      },
    })
    expect(body.address).toBeUndefined()
    expect(registry.current().pipes.get('HA')?.line.at(-1)).toEqual(position)
    expect(registry.current().pipes.get('AS')?.line[0]).toEqual(position)
    expect((await get<AssetDetail>('/assets/S')).body.corrections).toEqual([])
  })
  it('makes no new state of the network where nothing changes', async () => {
    const before = registry.current().version
    expect(await patch('井-1', { reason, covers: 2 })).toMatchObject({ status: 200 })
    expect(registry.current().version).toBe(before)
  })
  it.each([
    ['an unknown asset', 'nobody', { reason, covers: 1 }, [404, 'there is no asset'] as const],
    ['no reason', '井-1', { covers: 1 }, [422, 'reason'] as const],
    ['a blank reason', '井-1', { reason: '  ', covers: 1 }, [400, 'reason'] as const],
    ['another id', '井-1', { reason, id: 'B' }, [422, 'id cannot be changed'] as const],
    ['another kind', '井-1', { reason, kind: 'valve' }, [422, 'kind cannot be changed'] as const],
    [
      'a property of another kind',
      '井-1',
      { reason, households: 3 },
      [422, 'a well has no property households'] as const,
    ],
    ['a property that nothing has', '井-1', { reason, __proto: 3 }, [422, 'no property __proto'] as const],
    ['a name taken away', '井-1', { reason, name: null }, [422, 'name'] as const],
    ['a value out of range', '井-1', { reason, depthM: -1 }, [422, 'depthM'] as const],
    ['a place far off', '井-1', { reason, position: [39.5, 106.7] }, [400, 'position'] as const],
    ['a place in another country', '井-1', { reason, position: [100, 20] }, [422, '200 km'] as const],
    [
      'the place of a pipe',
      'HA',
      { reason, position: place(0, 0) },
      [422, 'a pipe has no position'] as const,
    ],
    ['a pipe to nowhere', 'HA', { reason, to: 'X' }, [422, 'X'] as const],
  ])('refuses %s and changes nothing', async (_name, id, payload, [status, words]) => {
    const before = registry.current()
    const refused = await patch(id, payload)
    expect(refused.status).toBe(status)
    expect(JSON.stringify(refused.body)).toContain(words)
    expect(registry.current()).toBe(before)
  })
  it.each(['dispatcher', 'crew', 'wall', 'officer'])('is not the right of %s', async (role) => {
    expect(await patch('井-1', { reason, covers: 1 }, role)).toMatchObject({ status: 403 })
  })
})
