import { createServer, type IncomingMessage, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { gunzipSync } from 'node:zlib'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { StoreUnavailable, type ReadingsStore } from '../../../server/flows/ports.ts'
import { openInfluxStore } from '../../../server/store/readings/influx/influx-store.ts'
import { startVictoria, type Victoria } from '../../support/victoria.ts'
import { reading, T0 } from './contract.ts'

const SETTINGS = { version: 2, database: '', username: '', password: '', timeoutMs: 3000 } as const
const open = (url: string) =>
  openInfluxStore({ ...SETTINGS, url, org: 'heat & co', bucket: 'readings', token: 'a-token' })

describe('InfluxDB 2’s write API, as victoria-metrics serves it', () => {
  let victoria: Victoria
  beforeAll(async () => {
    victoria = await startVictoria()
  })
  afterAll(() => victoria.remove())

  it('stores numbers and booleans with their milliseconds', async () => {
    const now = Date.now()
    const { rejected } = await open(victoria.url).write([
      reading({ at: now - 1, fields: { pressure_mpa: 0.61 } }),
      reading({ at: now, measurement: 'cover', fields: { cover_open: true, cover_tilt_deg: 75 } }),
    ])
    expect(rejected).toEqual([])
    expect(await victoria.points('well_pressure_mpa')).toEqual([[now - 1, 0.61]])
    expect(await victoria.points('cover_cover_open')).toEqual([[now, 1]])
    expect(await victoria.points('cover_cover_tilt_deg{asset_id="w-1",zone="east"}')).toEqual([[now, 75]])
  })

  it('keeps ids of any script', async () => {
    const now = Date.now()
    await open(victoria.url).write([reading({ at: now, assetId: '东一环#3', fields: { chamber_c: 30 } })])
    expect(await victoria.points('well_chamber_c{asset_id="东一环#3"}')).toEqual([[now, 30]])
  })
})

interface Reply {
  readonly status: number
  readonly body?: string
  readonly headers?: Record<string, string>
}

describe('InfluxDB 2’s write API, by its documented replies', () => {
  let server: Server
  let store: ReadingsStore
  let requests: { url: string; authorization: string; lines: string[] }[]
  let reply: (lines: readonly string[]) => Reply

  beforeEach(async () => {
    requests = []
    reply = () => ({ status: 204 })
    server = createServer((request, response) => {
      void linesOf(request).then((lines) => {
        const { url = '', headers } = request
        requests.push({ url, authorization: headers.authorization ?? '', lines })
        const { status, body = '', headers: more = {} } = reply(lines)
        response.writeHead(status, { 'content-type': 'application/json', ...more }).end(body)
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    store = open(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}`)
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })

  async function linesOf(request: IncomingMessage): Promise<string[]> {
    const body = Buffer.concat((await request.toArray()) as Buffer[])
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body
    return plain.toString().split('\n')
  }
  async function refusal(): Promise<StoreUnavailable> {
    const error: unknown = await store.write([reading()]).catch((reason: unknown) => reason)
    if (error instanceof StoreUnavailable) return error
    throw new Error('this should have been refused', { cause: error })
  }
  const many = (count: number) => Array.from({ length: count }, (_, i) => reading({ at: T0 + i }))

  it('asks for the organisation, bucket and precision with the token, and writes one line a sample', async () => {
    await store.write([reading({ fields: { pressure_mpa: 1, valve_shut: false } })])
    expect(requests).toEqual([
      {
        url: '/api/v2/write?org=heat+%26+co&bucket=readings&precision=ms',
        authorization: 'Token a-token',
        lines: [
          `well,asset_id=w-1,device_id=d-1,network=primary,zone=east pressure_mpa=1,valve_shut=F ${String(T0)}`,
        ],
      },
    ])
  })

  it('finds the one bad line of 5,000 behind a 400 and keeps the rest', async () => {
    const bad = String(T0 + 1234)
    reply = (lines) =>
      lines.some((line) => line.endsWith(bad))
        ? { status: 400, body: '{"code":"invalid","message":"partial write: unable to parse"}' }
        : { status: 204 }
    const { rejected } = await store.write(many(5000))
    expect(rejected.map(({ reading: { at }, reason }) => [at, reason])).toEqual([
      [T0 + 1234, 'partial write: unable to parse'],
    ])
    const stored = new Set(
      requests.flatMap(({ lines }) => (lines.some((line) => line.endsWith(bad)) ? [] : lines)),
    )
    expect(stored.size).toBe(4999)
    expect(requests.length).toBeLessThan(30)
  })

  it('sets a field of the wrong type aside after a 422 and keeps the sample’s other fields', async () => {
    reply = (lines) =>
      lines.some((line) => line.includes('lid=7'))
        ? {
            status: 422,
            body: JSON.stringify({
              code: 'unprocessable entity',
              message:
                'failure writing points to database: partial write: field type conflict: input field "lid" on measurement "well" is type float, already exists as type boolean dropped=1',
            }),
          }
        : { status: 204 }
    const odd = reading({ at: T0 + 5000, fields: { pressure_mpa: 0.5, lid: 7 } })
    const { rejected } = await store.write([...many(100), odd])
    expect(rejected.map(({ reading: { fields } }) => fields)).toEqual([{ lid: 7 }])
    expect(requests.at(-2)?.lines).toHaveLength(101)
  })

  it('takes InfluxDB 3 at its word about the lines that it left out', async () => {
    const data = [{ original_line: '…', line_number: 2, error_message: 'invalid column type' }]
    reply = () => ({
      status: 400,
      body: JSON.stringify({ error: 'partial write of line protocol occurred', data }),
    })
    const { rejected } = await store.write(many(3))
    expect(rejected.map(({ reading: { at }, reason }) => [at, reason])).toEqual([
      [T0 + 1, 'invalid column type'],
    ])
    expect(requests).toHaveLength(1)
  })

  it('halves what is too large', async () => {
    reply = (lines) =>
      lines.length > 40 ? { status: 413, body: '{"message":"too large"}' } : { status: 204 }
    expect((await store.write(many(100))).rejected).toEqual([])
    expect(requests.flatMap(({ lines }) => (lines.length > 40 ? [] : lines))).toHaveLength(100)
  })

  it.each([
    [401, '{"code":"unauthorized","message":"unauthorized access"}'],
    [403, '{"code":"forbidden","message":"insufficient permissions"}'],
    [404, '{"code":"not found","message":"bucket \\"readings\\" not found"}'],
  ])('calls %i a mistake of configuration and gives the server’s reason', async (status, body) => {
    reply = () => ({ status, body })
    const error = await refusal()
    expect(error.misconfigured).toBe(true)
    expect(error.message).toContain((JSON.parse(body) as { message: string }).message)
    expect(requests).toHaveLength(1)
  })

  it('waits as long as a 429 asks', async () => {
    reply = () => ({ status: 429, headers: { 'retry-after': '7' } })
    const error = await refusal()
    expect(error.misconfigured).toBe(false)
    expect(error.retryAfterMs).toBe(7000)
  })

  it('is unavailable on a 503 and sends nothing again by itself', async () => {
    reply = () => ({ status: 503, body: '{"code":"unavailable"}' })
    expect((await refusal()).misconfigured).toBe(false)
    expect(requests).toHaveLength(1)
  })
})
