import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Network } from '../../../server/domain/network/network.ts'
import type { Log } from '../../../server/flows/ports.ts'
import { createQuarantine, type OpenQuarantine } from '../../../server/flows/readings/quarantine.ts'
import { openJournal, type OpenJournal } from '../../../server/journal/journal.ts'
import { openReadingsHistory, type ReadingsSettings } from '../../../server/store/readings/open-readings.ts'
import { startForwarder, type ReadingsForwarder } from '../../../server/store/readings/start-forwarder.ts'
import { startInflux, type Influx } from '../../support/influx.ts'
import { aDevice, aNetwork, aWell, place } from '../../support/networks.ts'
import { silentLog } from '../../support/silent-log.ts'
import { embeddedSettings } from './embedded-settings.ts'

const NOW = Date.UTC(2026, 0, 15, 4)
const withDeviceAt = (well: string): Network =>
  aNetwork(
    aWell('w1', place(0, 0), { zone: 'east', devices: well === 'w1' ? [aDevice('d1')] : [] }),
    aWell('w2', place(90, 0), { zone: 'west', devices: well === 'w2' ? [aDevice('d1')] : [] }),
  )

let dir: string
let journal: OpenJournal
let quarantine: OpenQuarantine
let forwarder: ReadingsForwarder
let settings: ReadingsSettings
let moveTo: (well: string) => void
/** Before each start of another thread, ms. */
let pauses: number[]
const log: Log = {
  ...silentLog,
  error: (facts) => {
    if ('inMs' in facts) pauses.push(Number(facts.inMs))
  },
}

async function begin(over: Partial<ReadingsSettings>): Promise<void> {
  settings = { ...embeddedSettings(dir), ...over }
  let network = withDeviceAt('w1')
  const listeners = new Set<(network: Network) => void>()
  moveTo = (well) => {
    network = withDeviceAt(well)
    for (const listener of listeners) listener(network)
  }
  forwarder = startForwarder({
    settings,
    journal,
    journalDir: join(dir, 'journal'),
    quarantine,
    log,
    network: {
      current: () => network,
      asOf: () => network,
      onChange: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    },
  })
  await forwarder.catchUp()
}

beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'forwarder-'))
  const consumers = [{ name: 'store', mayLose: true }]
  journal = await openJournal({ dir: join(dir, 'journal'), consumers, log: silentLog, segmentBytes: 1 << 20 })
  quarantine = createQuarantine()
  pauses = []
})
afterEach(async () => {
  await forwarder.close()
  await journal.close()
  rmSync(dir, { recursive: true, force: true })
})

function append(ts: number, values: object): Promise<void> {
  const body = Buffer.from(JSON.stringify({ ts, values }))
  return new Promise((resolve, reject) => {
    journal.append({ deviceId: 'd1', channel: 'telemetry', receivedAt: ts, body }, (error) =>
      error === undefined ? resolve() : reject(error),
    )
  })
}
async function points(over: object): Promise<number> {
  const history = openReadingsHistory(settings)
  const series = await history.query({ from: NOW - 1000, to: NOW + 1_000_000, ...over })
  await history.close()
  return series.reduce((sum, one) => sum + one.points.length, 0)
}

describe('the forwarder thread with the embedded store', () => {
  beforeEach(() => begin({}))

  it('stores what was acknowledged and lets the journal forget it', async () => {
    await Promise.all(Array.from({ length: 2000 }, (_, i) => append(NOW + i, { chamber_c: i })))
    await forwarder.catchUp()
    expect(await points({ deviceId: 'd1' })).toBe(2000)
    expect(forwarder.lag()).toBe(0)
    expect(forwarder.problem()).toBeUndefined()
    await expect.poll(() => forwarder.progress().savedCursor, { timeout: 5000 }).toBe(journal.durableEnd())
  })

  it('learns where a device stands now', async () => {
    await append(NOW, { chamber_c: 1 })
    await forwarder.catchUp()
    moveTo('w2')
    await append(NOW + 1, { chamber_c: 2 })
    await forwarder.catchUp()
    expect(await points({ assetId: 'w1' })).toBe(1)
    expect(await points({ assetId: 'w2' })).toBe(1)
    expect(await points({ deviceId: 'd1' })).toBe(2)
  })

  it('answers while it writes', async () => {
    const writing = Promise.all(Array.from({ length: 5000 }, (_, i) => append(NOW + i, { chamber_c: i })))
    const history = openReadingsHistory(settings)
    let seen = 0
    const count = async () => {
      const [series] = await history.query({ deviceId: 'd1', from: NOW, to: NOW + 9999 })
      return series?.points.length ?? 0
    }
    while (seen < 5000) {
      const found = await count()
      expect(found).toBeGreaterThanOrEqual(seen)
      seen = found
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    await writing
    await history.close()
  })
})

describe('F16 a forwarder thread that falls', () => {
  it('says why, is started again, ever more slowly, and stores what came meanwhile', async () => {
    // Where the store's folder should be lies a file.
    writeFileSync(join(dir, 'readings'), '')
    const begun = begin({})
    await append(NOW, { chamber_c: 1 })
    await expect.poll(() => forwarder.problem() ?? '', { timeout: 15_000 }).toContain('EEXIST')
    expect(forwarder.lag()).toBeGreaterThan(0)
    rmSync(join(dir, 'readings'))
    await begun
    expect(forwarder.problem()).toBeUndefined()
    expect(forwarder.lag()).toBe(0)
    expect(await points({ deviceId: 'd1' })).toBe(1)
  })

  it(
    'is not started again where the whole directory has gone, which would be there again and empty',
    { timeout: 30_000 },
    async () => {
      writeFileSync(join(dir, 'readings'), '')
      void begin({})
      await expect.poll(() => forwarder.problem() ?? '', { timeout: 15_000 }).toContain('EEXIST')
      rmSync(dir, { recursive: true })
      await new Promise((resolve) => setTimeout(resolve, 4000))
      expect(existsSync(dir)).toBe(false)
    },
  )
})

/** While it is open: another's commit makes SQLite read again what it had in memory. */
function overwriteNewest(): DatabaseSync {
  const fresh = join(dir, 'readings', 'fresh.db')
  const stranger = new DatabaseSync(fresh)
  stranger.exec('pragma user_version = 1; pragma wal_checkpoint(truncate)')
  const file = openSync(fresh, 'r+')
  writeSync(file, Buffer.alloc(statSync(fresh).size, 0xff))
  closeSync(file)
  return stranger
}

describe('F6 damaged newest readings', () => {
  it('are stored again from the journal', async () => {
    await begin({})
    await Promise.all(Array.from({ length: 50 }, (_, i) => append(NOW + i, { chamber_c: i })))
    await forwarder.catchUp()
    await forwarder.close()
    writeFileSync(join(dir, 'readings', 'fresh.db'), 'x'.repeat(4096))
    await begin({})
    expect(forwarder.problem()).toBeUndefined()
    expect(await points({ deviceId: 'd1' })).toBe(50)
  })

  it('are so again and again, ever more slowly, while it is said that the thread does not stay', async () => {
    await begin({})
    for (const times of [1, 2]) {
      await append(NOW + times, { chamber_c: 1 })
      await forwarder.catchUp()
      const stranger = overwriteNewest()
      await append(NOW + 100 + times, { chamber_c: 1 })
      await forwarder.catchUp()
      stranger.close()
      expect(forwarder.problem()).toBeUndefined()
      expect([forwarder.falls(), forwarder.relapses()]).toEqual([times, times])
    }
    expect(pauses).toEqual([2000, 4000])
    expect(await points({ deviceId: 'd1' })).toBe(4)
  })
})

describe('the forwarder thread with InfluxDB', () => {
  let influx: Influx
  beforeAll(async () => {
    influx = await startInflux()
  })
  afterAll(() => influx.remove())
  const toInflux = () =>
    begin({
      influxUrl: influx.url,
      influxUsername: influx.admin.username,
      influxPassword: influx.admin.password,
    })

  it('loses nothing through an outage, says that it waits, and catches up', async () => {
    await toInflux()
    await append(NOW, { chamber_c: 0 })
    await forwarder.catchUp()
    await influx.signal('SIGKILL')
    await Promise.all(Array.from({ length: 3000 }, (_, i) => append(NOW + 1 + i, { chamber_c: i })))
    await expect.poll(() => forwarder.problem(), { timeout: 5000 }).toMatch(/InfluxDB/)
    expect(forwarder.lag()).toBeGreaterThan(0)
    await influx.start()
    await forwarder.catchUp()
    expect(forwarder.problem()).toBeUndefined()
    expect(await points({ deviceId: 'd1', signal: 'chamber_c' })).toBe(3001)
  })

  it('sets aside what the server refuses, with its reason, and stores the rest', async () => {
    await toInflux()
    await append(NOW + 10_000, { lid: true })
    await forwarder.catchUp()
    await append(NOW + 10_001, { lid: 3, humidity_pct: 40 })
    await forwarder.catchUp()
    expect(await points({ deviceId: 'd1', signal: 'humidity_pct' })).toBe(1)
    expect(forwarder.progress().rejected).toBe(1)
    const [aside] = quarantine.samples('store_refused')
    expect(aside?.deviceId).toBe('d1')
    expect(aside?.detail).toMatch(/field type conflict/)
  })

  it('closes at once although the server does not answer', async () => {
    await toInflux()
    await influx.signal('SIGSTOP')
    await append(NOW, { chamber_c: 0 })
    await new Promise((resolve) => setTimeout(resolve, 200))
    const started = performance.now()
    await forwarder.close()
    expect(performance.now() - started).toBeLessThan(2000)
    await influx.signal('SIGCONT')
  })

  it('shows a wrong password in words', async () => {
    const wrong = begin({ influxUrl: influx.url, influxUsername: 'root', influxPassword: 'no' })
    await append(NOW, { chamber_c: 0 })
    await expect.poll(() => forwarder.problem(), { timeout: 5000 }).toMatch(/401/)
    await forwarder.close()
    await wrong
  })
})
