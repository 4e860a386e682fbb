import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { StoreUnavailable, type ReadingsStore, type StoredReading } from '../../../server/flows/ports.ts'
import { openInfluxStore } from '../../../server/store/readings/influx/influx-store.ts'
import { startInflux, type Influx } from '../../support/influx.ts'
import { itKeepsReadings, reading, T0 } from './contract.ts'

let influx: Influx
let store: ReadingsStore
let count = 0

beforeAll(async () => {
  influx = await startInflux()
})
afterAll(() => influx.remove())
beforeEach(() => {
  store = openInfluxStore(influx.settings(`test_${String(++count)}`))
})
const database = () => `test_${String(count)}`
const everything = { from: T0 - 86_400_000, to: T0 + 86_400_000 }

function many(count: number, over: (i: number) => Partial<StoredReading> = () => ({})): StoredReading[] {
  return Array.from({ length: count }, (_, i) => reading({ at: T0 + i, ...over(i) }))
}
async function refusalOf(work: Promise<unknown>): Promise<StoreUnavailable> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (error instanceof StoreUnavailable) return error
  throw new Error('this should have been refused', { cause: error })
}

describe('InfluxDB 1.x', () => {
  itKeepsReadings(() => ({ writer: store, history: store }))

  it('writes the measurements, tags and types of the contract and no other', async () => {
    await store.write([
      reading({ fields: { pressure_mpa: 1 } }),
      reading({ measurement: 'cover', fields: { cover_open: true } }),
      reading({
        measurement: 'station',
        deviceId: 'd-2',
        assetId: 's-1',
        fields: { primary_flow_t_h: 12.5 },
      }),
    ])
    const text = JSON.stringify(
      await influx.query('SHOW MEASUREMENTS; SHOW TAG KEYS; SHOW FIELD KEYS', database()),
    )
    expect(text).toContain('"values":[["cover"],["station"],["well"]]')
    expect(text).toContain('"values":[["asset_id"],["device_id"],["network"],["zone"]]')
    expect(text).toContain('["pressure_mpa","float"]')
    expect(text).toContain('["cover_open","boolean"]')
  })

  it('leaves out the tags of a device without a place', async () => {
    await store.write([reading({ assetId: '', network: '', zone: '' })])
    expect(JSON.stringify(await influx.query('SHOW TAG KEYS', database()))).toContain(
      '"values":[["device_id"]]',
    )
  })

  it('lets no line through that a device id would smuggle in', async () => {
    await store.write([reading(), reading({ deviceId: 'x\nhack,site=1 value=1i' })])
    expect(JSON.stringify(await influx.query('SHOW MEASUREMENTS', database()))).not.toContain('hack')
  })

  it('keeps 4,999 of 5,000 when one is of another type, and says which and why', async () => {
    await store.write([reading({ at: T0 - 1, fields: { lid: true } })])
    const batch = many(5000, (i) => (i === 3210 ? { fields: { pressure_mpa: 0.5, lid: 7 } } : {}))
    const { rejected } = await store.write(batch)
    expect(rejected).toHaveLength(1)
    expect(rejected[0]?.reading).toMatchObject({ at: T0 + 3210, fields: { lid: 7 } })
    expect(rejected[0]?.reason).toMatch(/field type conflict.*lid/)
    const [series] = await store.query({ ...everything, deviceId: 'd-1', signal: 'pressure_mpa' })
    // The odd sample's other field is kept too.
    expect(series?.points).toHaveLength(5000)
  })

  it('asks the server only a few times when a whole batch is of another type', async () => {
    await store.write([reading({ at: T0 - 1, fields: { lid: true } })])
    const started = performance.now()
    const { rejected } = await store.write(many(5000, () => ({ fields: { lid: 1 } })))
    expect(rejected).toHaveLength(5000)
    expect(performance.now() - started).toBeLessThan(3000)
  })

  it('rejects what lies beyond the retention and keeps the rest', async () => {
    await influx.query(`CREATE DATABASE ${database()} WITH DURATION 7d SHARD DURATION 1d`)
    const now = Date.now()
    const batch = many(2000, (i) => ({ at: i < 700 ? now - 20 * 86_400_000 + i : now - 2000 + i }))
    const { rejected } = await store.write(batch)
    expect(rejected).toHaveLength(700)
    expect(rejected[0]?.reason).toMatch(/beyond retention policy/)
    const [series] = await store.query({ deviceId: 'd-1', from: 0, to: now })
    expect(series?.points).toHaveLength(1300)
  })

  it('catches up in bodies that the server takes, however much is given at once', async () => {
    const wide = Object.fromEntries(
      Array.from({ length: 60 }, (_, i) => [`extra_signal_number_${String(i)}`, i + 0.25]),
    )
    const { rejected } = await store.write(many(20_000, () => ({ fields: wide })))
    expect(rejected).toEqual([])
    const [series] = await store.query({ ...everything, deviceId: 'd-1', signal: 'extra_signal_number_59' })
    expect(series?.points).toHaveLength(20_000)
  })

  it('calls a wrong password a mistake of configuration', async () => {
    const wrong = openInfluxStore({ ...influx.settings(database()), password: 'no' })
    const error = await refusalOf(wrong.write([reading()]))
    expect(error.misconfigured).toBe(true)
    expect(error.message).toMatch(/401/)
  })

  it('writes as a user who may write but not create databases, and says so when he may not even write', async () => {
    await influx.query(`CREATE DATABASE ${database()}; CREATE USER writer WITH PASSWORD 'w'`)
    const asWriter = openInfluxStore({ ...influx.settings(database()), username: 'writer', password: 'w' })
    expect((await refusalOf(asWriter.write([reading()]))).misconfigured).toBe(true)
    await influx.query(`GRANT WRITE ON ${database()} TO writer`)
    expect((await asWriter.write([reading()])).rejected).toEqual([])
  })

  it('makes the database again when somebody has dropped it', async () => {
    await store.write([reading()])
    await influx.query(`DROP DATABASE ${database()}`)
    await refusalOf(store.write([reading()]))
    expect((await store.write([reading()])).rejected).toEqual([])
  })

  it('is unavailable, not misconfigured, while the server is down, and writes again when it is back', async () => {
    await store.write([reading()])
    await influx.signal('SIGKILL')
    const down = await refusalOf(store.write([reading({ at: T0 + 1 })]))
    expect(down.misconfigured).toBe(false)
    await refusalOf(store.query({ ...everything, deviceId: 'd-1' }))
    await influx.start()
    await store.write([reading({ at: T0 + 1 })])
    expect((await store.query({ ...everything, deviceId: 'd-1' }))[0]?.points).toHaveLength(2)
  })

  it('gives up on a server that accepts and never answers', async () => {
    const impatient = openInfluxStore({ ...influx.settings(database()), timeoutMs: 300 })
    await impatient.write([reading()])
    await influx.signal('SIGSTOP')
    try {
      const error = await refusalOf(impatient.write([reading()]))
      expect(error.misconfigured).toBe(false)
    } finally {
      await influx.signal('SIGCONT')
    }
    expect((await impatient.write([reading()])).rejected).toEqual([])
  })
})
