import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startInflux, type Influx } from '../support/influx.ts'
import { eventually } from '../support/server-process.ts'
import type { NetworkFile } from '#contract/network.ts'
import { aTown, openCover } from '../support/town.ts'
import { aWorld, type World } from '../support/world.ts'

vi.setConfig({ testTimeout: 60_000 })

const DATABASE = 'heating'
let influx: Influx
let world: World
beforeAll(async () => {
  influx = await startInflux()
  const { username, password } = influx.admin
  world = await aWorld({
    network: inZone('river'),
    config: {
      influxUrl: influx.url,
      influxVersion: 1,
      influxDatabase: DATABASE,
      influxUsername: username,
      influxPassword: password,
    },
  })
}, 60_000)
afterAll(async () => {
  await world.close()
  await influx.remove()
})

function inZone(zone: string): NetworkFile {
  const town = aTown()
  const features = town.features.map((feature) =>
    feature.geometry.type === 'Point'
      ? ({ ...feature, properties: { ...feature.properties, zone } } as typeof feature)
      : feature,
  )
  return { ...town, features }
}

interface Series {
  readonly name: string
  readonly columns: readonly string[]
  readonly values: readonly (readonly (string | number | boolean | null)[])[]
}
async function query(statement: string): Promise<readonly Series[]> {
  const body = (await influx.query(statement, DATABASE)) as { results: { series?: Series[] }[] }
  return body.results[0]?.series ?? []
}
async function countOf(field: string, device: string): Promise<number> {
  const [series] = await query(`select count(${field}) from well where device_id = '${device}'`)
  return Number(series?.values[0]?.[1] ?? 0)
}

describe('F3 a server that stores in InfluxDB 1.x', () => {
  it('writes measurements, tags and fields as the contract names them, numbers as floats', async () => {
    const ts = world.now() - 60_000
    const values = { chamber_c: 40, pressure_mpa: 1, cover_tilt_deg: 2, cover_open: false, myExtra: 7 }
    await world.publish('dev-w1', { ts, values })
    await eventually(
      () => query('select * from well').catch(() => []),
      (series) => series.length > 0,
    )
    const read = async (measurement: string) => {
      const [series] = await query(`select * from ${measurement} where device_id = 'dev-w1'`)
      return Object.fromEntries((series?.columns ?? []).map((name, i) => [name, series?.values[0]?.[i]]))
    }
    const place = { time: ts, device_id: 'dev-w1', asset_id: 'w1', network: 'primary', zone: 'river' }
    expect(await read('well')).toMatchObject({ ...place, chamber_c: 40, pressure_mpa: 1, myExtra: 7 })
    expect(await read('cover')).toMatchObject({ ...place, cover_tilt_deg: 2, cover_open: false })
    const tags = (await query('show tag keys')).flatMap(({ values }) => values.map(([tag]) => tag))
    expect(new Set(tags)).toEqual(new Set(['device_id', 'asset_id', 'network', 'zone']))
    const types = (await query('show field keys')).flatMap(({ values }) => values)
    for (const [field, type] of types)
      expect([field, type]).toEqual([field, field === 'cover_open' ? 'boolean' : 'float'])
    const history = await world.as('engineer').get<object>(`/readings?device=dev-w1&signal=chamber_c`)
    expect(history).toMatchObject({ series: [{ device: 'dev-w1', signal: 'chamber_c', points: [[ts, 40]] }] })
  })

  it('loses nothing while it is away under load, and the tickets go on', async () => {
    const began = world.now() - 3_600_000
    let sent = 0
    const flood = async (messages: number): Promise<void> => {
      for (let i = 0; i < messages; i += 1) {
        const samples = Array.from({ length: 50 }, () => ({
          ts: began + (sent += 1),
          values: { humidity_pct: 70 },
        }))
        await world.publish('dev-w2', samples)
      }
    }
    await flood(20)
    await influx.signal('SIGKILL')
    await flood(40)
    await world.publish('dev-w3', openCover(world.now() - 40_000, 3))
    await world.as('dispatcher').tickets()
    await eventually(
      () => world.as('dispatcher').tickets(),
      (tickets) => tickets.some(({ assetId }) => assetId === 'w3'),
    )
    const ready = await eventually(
      async () => (await fetch(`${world.url()}/readyz`)).json() as Promise<{ degraded: string[] }>,
      ({ degraded }) => degraded.length > 0,
    )
    expect(ready).toMatchObject({ ready: true })
    await world.restart()
    await flood(10)
    await influx.start()
    await flood(10)
    expect(sent).toBe(4000)
    await eventually(
      () => countOf('humidity_pct', 'dev-w2'),
      (count) => count === sent,
      40_000,
    )
    const metrics = await (await fetch(`${world.url()}/metrics`)).text()
    expect(metrics).toMatch(/^wellwatch_store_up 1$/m)
    expect(metrics).toMatch(/^wellwatch_journal_evicted_total 0$/m)
  })
})
