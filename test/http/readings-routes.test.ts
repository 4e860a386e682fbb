import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { StoredReading } from '../../server/flows/ports.ts'
import { createHistoryPages } from '../../server/flows/readings/history-pages.ts'
import { createReadHistory } from '../../server/flows/readings/read-history.ts'
import { createHttp, type Http } from '../../server/http/core/http.ts'
import { readingsRoutes } from '../../server/http/devices/readings-routes.ts'
import { EmbeddedReader } from '../../server/store/readings/embedded/reader.ts'
import { EmbeddedWriter } from '../../server/store/readings/embedded/writer.ts'
import { openInfluxStore } from '../../server/store/readings/influx/influx-store.ts'
import { aDevice, aNetwork, aWell, place } from '../support/networks.ts'
import { silentLog } from '../support/silent-log.ts'

const NOW = Date.parse('2026-01-15T12:00:00+08:00')
const SAMPLES = 7000
const network = aNetwork(
  aWell('井-1', place(0, 0), { devices: [aDevice('d1'), aDevice('d2')] }),
  aWell('w2', place(90, 0), { devices: [aDevice('d3')] }),
)

interface Answer {
  series: { device: string; signal: string; unit: string; points: [number, number | boolean][] }[]
  next?: string
}

let dir: string
let http: Http
let writer: EmbeddedWriter
let reader: EmbeddedReader

function stored(deviceId: string, at: number, fields: StoredReading['fields']): StoredReading {
  return { measurement: 'well', deviceId, assetId: '井-1', network: 'primary', zone: '', at, fields }
}

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'history-'))
  writer = new EmbeddedWriter({
    dir,
    log: silentLog,
    retention: { rawDays: 7, minuteDays: 90, hourDays: 1825 },
  })
  reader = new EmbeddedReader(dir)
  // d1 every ten seconds until now, d2 every ten minutes.
  const began = NOW - SAMPLES * 10_000
  await writer.write(
    Array.from({ length: SAMPLES }, (_, i) =>
      stored('d1', began + i * 10_000, {
        chamber_c: i === 3333 ? 140 : 20 + (i % 10) / 10,
        cover_open: false,
      }),
    ),
  )
  await writer.write(
    Array.from({ length: 100 }, (_, i) => stored('d2', began + i * 600_000, { battery_v: 3.6, my_extra: i })),
  )
  const person = { kind: 'person', id: 'wall', name: '大屏', roles: ['wall'] } as const
  http = await createHttp({
    log: silentLog,
    identify: (token) => Promise.resolve(token === 'key' ? person : undefined),
  })
  const source = { current: () => network, asOf: () => network, onChange: () => () => undefined }
  const readHistory = createReadHistory({
    pages: createHistoryPages(reader),
    network: source,
    clock: { now: () => NOW },
  })
  await http.register(readingsRoutes(readHistory))
})
afterAll(async () => {
  await http.close()
  await reader.close()
  await writer.close()
  rmSync(dir, { recursive: true })
})

async function get(query: Record<string, string>, token = 'key') {
  return http.inject({ url: '/api/v1/readings', query, headers: { authorization: `Bearer ${token}` } })
}
async function read(query: Record<string, string>): Promise<Answer> {
  const response = await get(query)
  expect(response.statusCode).toBe(200)
  return response.json<Answer>()
}

describe('GET /readings', () => {
  it('is for people who have signed in', async () => {
    expect((await get({ device: 'd1' }, 'nobody')).statusCode).toBe(401)
  })

  it('gives series with their unit, of the last 48 hours when nothing is said', async () => {
    const { series } = await read({ asset: '井-1', points: '100' })
    expect(series.map(({ device, signal, unit }) => [device, signal, unit])).toEqual([
      ['d1', 'chamber_c', '°C'],
      ['d1', 'cover_open', ''],
      ['d2', 'battery_v', 'V'],
      ['d2', 'my_extra', ''],
    ])
  })

  it('thins so that the extremes survive at their own instants', async () => {
    const { series } = await read({ device: 'd1', signal: 'chamber_c', points: '200' })
    expect(series[0]?.points.length).toBeLessThanOrEqual(210)
    expect(series[0]?.points).toContainEqual([NOW - (SAMPLES - 3333) * 10_000, 140])
  })

  it('gives raw readings page by page, each once and none left out', async () => {
    const points: [number, number | boolean][] = []
    let cursor: string | undefined
    let pages = 0
    do {
      const page: Answer = await read({ asset: '井-1', ...(cursor === undefined ? {} : { cursor }) })
      points.push(...(page.series.find(({ signal }) => signal === 'chamber_c')?.points ?? []))
      cursor = page.next
      pages++
    } while (cursor !== undefined)
    expect(pages).toBeGreaterThan(1)
    expect(points.map(([at]) => at)).toEqual(
      Array.from({ length: SAMPLES }, (_, i) => NOW - (SAMPLES - i) * 10_000),
    )
  })

  it('ends a page at one instant for all series', async () => {
    const page = await read({ asset: '井-1' })
    const next = Number(page.next)
    for (const { points } of page.series) expect(points.at(-1)?.[0]).toBeLessThan(next)
    const rest = await read({ asset: '井-1', cursor: String(next) })
    const extras = [page, rest].flatMap(
      ({ series }) => series.find(({ signal }) => signal === 'my_extra')?.points ?? [],
    )
    expect(extras.map(([, value]) => value)).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  it('takes instants as ISO 8601 with offset or as epoch milliseconds, both ends inclusive', async () => {
    const asText = { from: '2026-01-15T11:00:00+08:00', to: '2026-01-15T03:30:00Z' }
    const asMs = { from: String(NOW - 3_600_000), to: String(NOW - 1_800_000) }
    const [a, b] = [await read({ device: 'd1', ...asText }), await read({ device: 'd1', ...asMs })]
    expect(a).toEqual(b)
    expect(a.series[0]?.points).toHaveLength(181)
  })

  it('takes any stretch, from the beginning of time on', async () => {
    const { series } = await read({ device: 'd1', signal: 'chamber_c', from: '0', to: String(NOW * 2) })
    expect(series[0]?.points[0]?.[0]).toBe(NOW - SAMPLES * 10_000)
  })

  it('has nothing of a stretch before the first reading', async () => {
    const query = { device: 'd1', from: '2020-01-01T00:00:00+08:00', to: '2020-02-01T00:00:00+08:00' }
    expect(await read(query)).toEqual({ series: [] })
  })

  it.each([
    [{ asset: 'w9' }, 404, 'not-found'],
    [{ device: 'd9' }, 404, 'not-found'],
    [{}, 422, 'missing-field'],
    [{ device: 'd1', from: 'yesterday' }, 422, 'bad-time'],
    [{ device: 'd1', from: '2026-01-15T11:00:00' }, 422, 'bad-time'],
    [{ device: 'd1', to: '99999999999999999' }, 422, 'bad-time'],
    [{ device: 'd1', from: String(NOW), to: String(NOW - 1) }, 422, 'bad-time'],
    [{ device: 'd1', points: '0' }, 422, 'bad-value'],
    [{ device: 'd1', points: '1e3' }, 422, 'bad-value'],
    [{ device: 'd1', points: '99999' }, 422, 'bad-value'],
    [{ device: 'd1', signal: '"; DROP DATABASE x --' }, 422, 'bad-value'],
    [{ device: 'd1', cursor: 'abc' }, 422, 'bad-value'],
    [{ asset: "x' OR '1'='1" }, 404, 'not-found'],
  ])('answers %j with %i %s', async (query, status, code) => {
    const response = await get(query)
    expect(response.statusCode).toBe(status)
    expect(response.headers['content-type']).toMatch(/application\/problem\+json/)
    expect(response.json()).toMatchObject({ status, code })
  })

  it('says that the history is away when InfluxDB is', async () => {
    const away = openInfluxStore({
      url: 'http://127.0.0.1:1',
      version: 1,
      database: 'x',
      username: '',
      password: '',
      org: '',
      bucket: '',
      token: '',
      timeoutMs: 1000,
    })
    const source = { current: () => network, asOf: () => network, onChange: () => () => undefined }
    const ask = createReadHistory({
      pages: createHistoryPages(away),
      network: source,
      clock: { now: () => NOW },
    })
    expect(await ask({ device: 'd1' })).toMatchObject({ kind: 'refusal', code: 'unavailable' })
  })
})
