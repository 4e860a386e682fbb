import { beforeEach, describe, expect, it } from 'vitest'
import type { Role } from '#contract/vocabulary.ts'
import { decodeMessage } from '../../server/domain/telemetry/decode.ts'
import type { DeviceMessage } from '../../server/domain/telemetry/reading.ts'
import { createForeignDoor } from '../../server/flows/foreign/take-foreign.ts'
import type { NetworkRegistry } from '../../server/flows/network/change-network.ts'
import { createIngest } from '../../server/flows/readings/ingest.ts'
import { JournalFull } from '../../server/flows/ports.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { adoptRoutes } from '../../server/http/devices/adopt-routes.ts'
import { gatewayRoutes } from '../../server/http/devices/gateway-routes.ts'
import { profileRoutes } from '../../server/http/devices/profile-routes.ts'
import { pushRoutes } from '../../server/http/devices/push-routes.ts'
import { openSenders, type Senders } from '../../server/wiring/senders.ts'
import { CHIRPSTACK_DECODED, CHIRPSTACK_UP, CTWING_VALUES } from '../profiles/messages.ts'
import { aRegistry } from '../support/network-registry.ts'
import { aDevice, aFile, aPipe, aSource, aWell, place } from '../support/networks.ts'
import { silentLog } from '../support/silent-log.ts'

const NOW = Date.parse('2026-01-15T12:00:00+08:00')
const MINUTE = 60_000
const lid = (id: string, more: object) => ({
  ...aDevice(id),
  signals: ['cover_tilt_deg', 'cover_open', 'chamber_c'],
  ...more,
})
const H = aSource('H', place(0, 0))
const W = aWell('W-1', place(500, 0), {
  devices: [
    lid('lid-1', { aliases: ['dev_eui:0101010101010101'], gateway: 'lora' }),
    lid('lid-2', { aliases: ['dev_eui:02'], gateway: 'other' }),
  ],
})
const FILE = aFile(H, W, aPipe('HW', H, W))
const GATEWAY = { title: '东区 LoRaWAN', profiles: ['chirpstack-v4'] }

let http: Http
let registry: NetworkRegistry
let senders: Senders
let journal: DeviceMessage[]
let journalError: Error | undefined
let secret: string
let clock: { at: number; now(): number }

beforeEach(async () => {
  const made = await aRegistry()
  registry = made.registry
  clock = made.clock
  clock.at = NOW
  await registry.import(FILE, { by: 'test' })
  senders = await openSenders({
    ...{ db: made.db, dataDir: { secret: () => 'key' }, clock, network: registry, log: silentLog },
  })
  journal = []
  journalError = undefined
  const ingest = createIngest({
    journal: {
      append(message, done) {
        if (journalError !== undefined) return done(journalError, 0, 0)
        journal.push(message)
        setImmediate(() => done(undefined, 0, 1))
      },
    },
    quarantine: senders.quarantine,
    clock,
    standing: (id) => registry.current().devices.get(id)?.asset.kind ?? 'unknown',
  })
  const { foreign, unknown } = senders
  const door = createForeignDoor({ ...foreign, ingest, unknown, clock })
  http = await createHttp({
    log: silentLog,
    identify: async (role) =>
      role === 'engineer' || role === 'dispatcher'
        ? { kind: 'person', id: role, name: role, roles: [role as Role] }
        : undefined,
  })
  await http.register(gatewayRoutes({ ...foreign, door, network: registry }))
  await http.register(pushRoutes({ ...foreign, door, refused: unknown.refused }))
  await http.register(adoptRoutes({ network: registry, unknown, door }))
  await http.register(profileRoutes(foreign.profiles))
  await ask('PUT', '/gateways/lora', GATEWAY)
  secret = (await ask('POST', '/gateways/lora/secret')).body.secret as string
  return async () => {
    await http.close()
    await senders.close()
    await made.db.destroy()
  }
})

async function ask(method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, body?: object, as = 'engineer') {
  const response = await http.inject({
    method,
    url: `/api/v1${url}`,
    headers: { authorization: `Bearer ${as}` },
    ...(body === undefined ? {} : { payload: body }),
  })
  const text = response.body
  return {
    status: response.statusCode,
    body: text === '' ? {} : (JSON.parse(text) as ReturnType<typeof JSON.parse>),
  }
}

async function push(
  body: unknown,
  as: Record<string, string> = { authorization: `Bearer ${secret}` },
  to = 'lora',
) {
  const response = await http.inject({
    method: 'POST',
    url: `/api/v1/push/${to}`,
    headers: { 'content-type': 'application/json', ...as },
    payload: typeof body === 'string' ? body : JSON.stringify(body),
  })
  return { status: response.statusCode, body: JSON.parse(response.body) as ReturnType<typeof JSON.parse> }
}

const uplink = (devEui: string, object: object, ago = 0) => ({
  ...CHIRPSTACK_DECODED,
  time: new Date(NOW - ago).toISOString(),
  deviceInfo: { ...CHIRPSTACK_DECODED.deviceInfo, devEui },
  object,
})
const read = () =>
  journal.map(({ deviceId, channel, body, receivedAt }) => ({
    deviceId,
    decoded: decodeMessage(channel, body, receivedAt),
  }))

describe('a gateway', () => {
  it('speaks for the devices listed under it, by their aliases, in their signals', async () => {
    const pushed = await push(uplink('0101010101010101', { tilt: 75.2, cover: 1, temperature: 31 }))
    expect(pushed).toEqual({ status: 202, body: { accepted: 1, waiting: 0, rejected: [] } })
    expect(read()).toMatchObject([
      {
        deviceId: 'lid-1',
        decoded: {
          kind: 'telemetry',
          samples: [
            { ts: NOW, values: { cover_tilt_deg: 75.2, cover_open: true, chamber_c: 31, rssi_dbm: -36 } },
          ],
        },
      },
    ])
  })

  it('speaks for no device of another: nothing is stored, and it is told', async () => {
    const pushed = await push(uplink('02', { tilt: 1 }))
    expect(pushed).toEqual({
      status: 202,
      body: { accepted: 0, waiting: 0, rejected: [{ index: 0, reason: 'not_yours' }] },
    })
    expect(journal).toEqual([])
  })

  it('is let in by Basic, Bearer or the key of the address, and not by a guess', async () => {
    const body = uplink('0101010101010101', { tilt: 1 })
    const basic = Buffer.from(`lora:${secret}`).toString('base64')
    expect((await push(body, { authorization: `Basic ${basic}` })).status).toBe(202)
    expect((await push(body, {}, `lora?key=${secret}`)).status).toBe(202)
    for (const wrong of [{ authorization: 'Bearer guessed' }, {} as Record<string, string>])
      expect((await push(body, wrong)).status).toBe(401)
    expect((await push(body, undefined, 'nobody')).status).toBe(401)
    expect(new Set(senders.unknown.list().map(({ clientId }) => clientId))).toEqual(
      new Set(['lora', 'nobody']),
    )
    await ask('POST', '/gateways/lora/secret')
    expect((await push(body)).status).toBe(401)
  })

  it('is told nothing good while the journal takes nothing', async () => {
    journalError = new JournalFull('disk')
    expect((await push(uplink('0101010101010101', { tilt: 1 }))).status).toBe(503)
  })

  it('answers the check of a platform, and 200 where a profile says so', async () => {
    const check = await http.inject({ method: 'GET', url: '/api/v1/push/lora?msg=hello&nonce=a&signature=b' })
    expect([check.statusCode, check.body]).toEqual([200, 'hello'])
    await ask('PUT', '/gateways/lora', { ...GATEWAY, profiles: ['ctwing'] })
    expect((await push(CTWING_VALUES)).status).toBe(200)
  })

  it('cannot have the id of a device, a profile that is not there, or go while devices are under it', async () => {
    expect((await ask('PUT', '/gateways/lid-1', GATEWAY)).status).toBe(409)
    expect((await ask('PUT', '/gateways/x', { ...GATEWAY, profiles: ['nothing'] })).status).toBe(422)
    expect((await ask('DELETE', '/gateways/lora')).status).toBe(409)
    expect((await ask('PUT', '/gateways/spare', GATEWAY)).status).toBe(200)
    expect((await ask('DELETE', '/gateways/spare')).status).toBe(204)
    const listed = await ask('GET', '/gateways')
    expect(listed.body.items).toMatchObject([{ id: 'lora', hasSecret: true, devices: 1 }])
    expect((await ask('GET', '/gateways', undefined, 'dispatcher')).status).toBe(403)
  })
})

describe('a message that no profile understands', () => {
  it('is set aside whole with its reason, and a corrected profile run over it counts it as late', async () => {
    clock.at = NOW - 30 * MINUTE
    const lost = { ...CHIRPSTACK_UP, time: new Date(clock.at).toISOString() }
    expect((await push(lost)).body).toEqual({
      accepted: 0,
      waiting: 0,
      rejected: [{ index: 0, reason: 'not_understood' }],
    })
    await push('no json')
    clock.at = NOW
    const aside = (await ask('GET', '/gateways/messages')).body
    expect(aside).toMatchObject({
      setAsideCount: 2,
      setAside: [
        { gateway: 'lora', body: 'no json', why: { messageEn: 'the message is no JSON' } },
        { body: JSON.stringify(lost), why: { message: expect.stringContaining('不认识') as string } },
      ],
    })

    const codec = {
      title: { zh: '井盖', en: 'Lids' },
      push: true,
      encoding: 'json',
      expression: `{"alias": "dev_eui:" & body.deviceInfo.devEui, "ts": body.time, "event": "cover_open",
        "values": {"tilt": $bytes(body.data)[0] / 2}}`,
    }
    await ask('PUT', '/profiles/lids', codec)
    await ask('PUT', '/gateways/lora', { ...GATEWAY, profiles: ['chirpstack-v4', 'lids'] })
    expect((await ask('POST', '/profiles/lids/run')).body).toEqual({
      ...{ understood: 1, accepted: 1, waiting: 0, left: 1 },
    })
    // What happened is over: a value with its own time, and no event that would confirm at once.
    expect(read()).toMatchObject([
      {
        deviceId: 'lid-1',
        decoded: {
          kind: 'telemetry',
          samples: [{ ts: NOW - 30 * MINUTE, values: { cover_tilt_deg: 85, cover_open: true } }],
        },
      },
    ])
    expect((await ask('GET', '/gateways/messages')).body.setAsideCount).toBe(1)
    expect((await ask('POST', '/profiles/lids/run')).body).toMatchObject({ understood: 0, left: 1 })
    expect((await ask('POST', '/profiles/none/run')).status).toBe(404)
  })
})

describe('a device that nobody knows', () => {
  it('waits in the list, and its last day comes in late, newest first, once it is adopted', async () => {
    for (const [ago, open] of [
      [30 * 60, true],
      [50, true],
      [20, false],
    ] as const) {
      clock.at = NOW - ago * MINUTE
      expect((await push(uplink('0A-0B', { cover: open }, ago * MINUTE))).body).toMatchObject({ waiting: 1 })
    }
    clock.at = NOW
    expect(journal).toEqual([])
    const [heard] = senders.unknown.list()
    expect(heard).toMatchObject({ alias: 'dev_eui:0a0b', gateway: 'lora', reason: 'unknown_alias', count: 3 })
    expect(heard?.signals).toEqual(['rssi_dbm', 'cover_open'])

    const key = encodeURIComponent(heard?.key ?? '')
    const device = { id: 'lid-9', assetId: 'W-1', signals: ['cover_open'], intervalS: 3600 }
    const adopted = await ask('POST', `/devices/unknown/${key}/adopt`, { device })
    expect(adopted).toMatchObject({ status: 200, body: { added: ['lid-9'], late: 2 } })
    expect(registry.current().devices.get('lid-9')).toMatchObject({
      gateway: 'lora',
      aliases: ['dev_eui:0a0b'],
    })
    expect(read()).toMatchObject([
      {
        deviceId: 'lid-9',
        decoded: {
          samples: [
            { ts: NOW - 20 * MINUTE, values: { cover_open: false } },
            { ts: NOW - 50 * MINUTE, values: { cover_open: true } },
          ],
        },
      },
    ])
    expect(senders.unknown.list()).toEqual([])
    expect((await ask('POST', `/devices/unknown/${key}/adopt`, { device })).status).toBe(404)
    expect((await push(uplink('0a0b', { cover: false }))).body).toMatchObject({ accepted: 1 })
  })

  it('is refused in words where it would stand nowhere, and goes on waiting', async () => {
    await push(uplink('0c', { cover: 0 }))
    const key = encodeURIComponent(senders.unknown.list()[0]?.key ?? '')
    const device = { id: 'lid-9', assetId: 'nowhere', signals: ['cover_open'], intervalS: 3600 }
    expect((await ask('POST', `/devices/unknown/${key}/adopt`, { device })).status).toBe(422)
    expect(senders.unknown.list()).toHaveLength(1)
  })
})
