import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ReadingsHistory, ReadingsWriter, StoredReading } from '../../server/flows/ports.ts'
import { EmbeddedReader } from '../../server/store/readings/embedded/reader.ts'
import { EmbeddedWriter } from '../../server/store/readings/embedded/writer.ts'
import { openInfluxStore } from '../../server/store/readings/influx/influx-store.ts'
import { startInflux } from '../support/influx.ts'
import { NO_NETWORK } from '../../server/domain/network/build.ts'
import { createQuarantine } from '../../server/flows/readings/quarantine.ts'
import { openJournal } from '../../server/journal/journal.ts'
import type { ReadingsSettings } from '../../server/store/readings/open-readings.ts'
import { startForwarder, STORE_CONSUMER } from '../../server/store/readings/start-forwarder.ts'
import { embeddedSettings } from '../store/readings/embedded-settings.ts'
import { silentLog } from '../support/silent-log.ts'

/** Speed of the readings stores: `node test/bench/readings.ts`. Prints a table. */
const DAY = 86_400_000
const BATCH = 5000
const SIGNALS = [
  'pressure_mpa',
  'temperature_c',
  'chamber_c',
  'humidity_pct',
  'water_level_m',
  'battery_v',
  'rssi_dbm',
  'extra',
]

/** Slowly wandering values with a little noise, to three digits, as sensors send them. */
function eightValues(device: number, at: number): Record<string, number> {
  const wave = Math.sin(at / 3_600_000 + device)
  return Object.fromEntries(
    SIGNALS.map((signal, i) => [signal, Math.round((50 + i + wave + Math.random() / 20) * 100) / 100]),
  )
}
function readingOf(device: number, at: number, fields: StoredReading['fields']): StoredReading {
  const id = String(device)
  return {
    measurement: 'well',
    deviceId: `d-${id}`,
    assetId: `w-${id}`,
    network: 'primary',
    zone: 'z',
    at,
    fields,
  }
}

interface Rate {
  readonly messages: number
  readonly seconds: number
  readonly cpuSeconds: number
}

/** Writes batches made beforehand, with upkeep as the forwarder does it. */
async function writeRate(writer: ReadingsWriter, devices: number, messages: number): Promise<Rate> {
  let seconds = 0
  let cpu = 0
  for (let done = 0; done < messages; done += BATCH) {
    const batch = Array.from({ length: BATCH }, (_, i) => {
      const number = done + i
      const at = Date.UTC(2026, 0, 10) + Math.floor(number / devices) * 10_000
      return readingOf(number % devices, at, eightValues(number % devices, at))
    })
    const [started, cpuStarted] = [performance.now(), process.cpuUsage()]
    await writer.write(batch)
    writer.maintain?.()
    seconds += (performance.now() - started) / 1000
    const used = process.cpuUsage(cpuStarted)
    cpu += (used.user + used.system) / 1e6
  }
  return { messages, seconds, cpuSeconds: cpu }
}

/** Thirty days of one signal every ten seconds of one device. */
async function writeMonth(writer: ReadingsWriter, end: number): Promise<void> {
  for (let at = end - 30 * DAY; at < end;) {
    const batch: StoredReading[] = []
    for (; batch.length < BATCH && at < end; at += 10_000) {
      batch.push(readingOf(7, at, { pressure_mpa: eightValues(7, at)['pressure_mpa'] ?? 0 }))
    }
    await writer.write(batch)
    while (writer.maintain?.() ?? false);
  }
}

async function queryMs(history: ReadingsHistory, end: number, days: number): Promise<number> {
  const query = { deviceId: 'd-7', signal: 'pressure_mpa', from: end - days * DAY, to: end, points: 1000 }
  await history.query(query)
  const started = performance.now()
  for (let i = 0; i < 5; i++) await history.query(query)
  return (performance.now() - started) / 5
}

function bytesIn(dir: string): number {
  const files = readdirSync(dir, { recursive: true }) as string[]
  return files
    .filter((file) => file.endsWith('.db'))
    .reduce((sum, file) => sum + statSync(join(dir, file)).size, 0)
}

function row(what: string, { messages, seconds, cpuSeconds }: Rate) {
  return {
    store: what,
    'messages/s': Math.round(messages / seconds),
    'values/s': Math.round((messages * SIGNALS.length) / seconds),
    'CPU s per 100 k messages': Number(((cpuSeconds / messages) * 1e5).toFixed(2)),
  }
}

/** A backlog of messages in the journal, forwarded by the storing thread. */
async function catchUpRate(dataDir: string, settings: ReadingsSettings, messages: number): Promise<object> {
  const journalDir = join(dataDir, 'journal')
  const consumers = [{ name: STORE_CONSUMER, mayLose: true }]
  const journal = await openJournal({ dir: journalDir, consumers, log: silentLog, maxPendingBytes: 1 << 30 })
  const appended = (number: number) => {
    const device = number % 1000
    const receivedAt = Date.UTC(2026, 0, 10) + Math.floor(number / 1000) * 10_000
    const body = Buffer.from(JSON.stringify({ ts: receivedAt, values: eightValues(device, receivedAt) }))
    const message = { deviceId: `d-${String(device)}`, channel: 'telemetry', receivedAt, body } as const
    return new Promise<void>((resolve, reject) => {
      journal.append(message, (error) => (error === undefined ? resolve() : reject(error)))
    })
  }
  for (let number = 0; number < messages; number += BATCH) {
    await Promise.all(Array.from({ length: BATCH }, (_, i) => appended(number + i)))
  }
  const [started, cpuStarted] = [performance.now(), process.cpuUsage()]
  const storing = startForwarder({
    settings,
    journal,
    journalDir,
    quarantine: createQuarantine(),
    log: silentLog,
    network: { current: () => NO_NETWORK, asOf: () => NO_NETWORK, onChange: () => () => undefined },
  })
  await storing.catchUp()
  const used = process.cpuUsage(cpuStarted)
  const rate = {
    messages,
    seconds: (performance.now() - started) / 1000,
    cpuSeconds: (used.user + used.system) / 1e6,
  }
  await storing.close()
  await journal.close()
  return row(`catch-up from the journal, ${settings.influxUrl === '' ? 'embedded' : 'InfluxDB 1.6'}`, rate)
}

const retention = { rawDays: 40, minuteDays: 90, hourDays: 1825 }
const dir = mkdtempSync(join(tmpdir(), 'bench-'))
const end = Date.UTC(2026, 2, 1)
const table: object[] = []
const queries: object[] = []

table.push(await catchUpRate(dir, embeddedSettings(dir), 200_000))
for (const devices of [200, 10_000]) {
  const place = join(dir, String(devices))
  const writer = new EmbeddedWriter({ dir: place, retention, log: silentLog })
  const rate = await writeRate(writer, devices, 400_000)
  while (writer.maintain());
  await writer.close()
  const bytes = (bytesIn(place) / 400_000 / SIGNALS.length).toFixed(2)
  table.push({ ...row(`embedded, ${String(devices)} devices`, rate), 'bytes/value': bytes })
}
{
  const place = join(dir, 'month')
  const writer = new EmbeddedWriter({ dir: place, retention, log: silentLog, quietWrites: 2 })
  await writeMonth(writer, end)
  const history = new EmbeddedReader(place)
  queries.push({
    store: 'embedded',
    '48 h [ms]': (await queryMs(history, end, 2)).toFixed(1),
    '30 d [ms]': (await queryMs(history, end, 30)).toFixed(1),
  })
  await history.close()
  await writer.close()
}
{
  const influx = await startInflux()
  const settings = {
    ...embeddedSettings(join(dir, 'behind')),
    influxUrl: influx.url,
    influxUsername: influx.admin.username,
    influxPassword: influx.admin.password,
  }
  table.push(await catchUpRate(settings.dataDir, settings, 100_000))
  const store = openInfluxStore(influx.settings('bench'))
  table.push(row('InfluxDB 1.6, 10000 devices', await writeRate(store, 10_000, 100_000)))
  await writeMonth(store, end)
  queries.push({
    store: 'InfluxDB 1.6',
    '48 h [ms]': (await queryMs(store, end, 2)).toFixed(1),
    '30 d [ms]': (await queryMs(store, end, 30)).toFixed(1),
  })
  await influx.remove()
}
console.table(table)
console.table(queries)
rmSync(dir, { recursive: true })
