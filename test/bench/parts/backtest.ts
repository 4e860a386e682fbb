import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runBacktest } from '../../../server/cli/backtest.ts'
import { backtestThread } from '../../../server/wiring/backtest-thread.ts'
import { DEFAULT_SETTINGS } from '../../../server/domain/detection/catalogue.ts'
import { MINUTE } from '../../../server/domain/instant.ts'
import { WUDA_ROUTING } from '../../../server/domain/network/routing-table.ts'
import type { BacktestNews } from '../../../server/flows/backtest/backtests.ts'
import { packNetwork } from '../../../server/flows/network/network-work.ts'
import type { StoredReading } from '../../../server/flows/ports.ts'
import { openReadingsWriter } from '../../../server/store/readings/open-readings.ts'
import { embeddedSettings } from '../../store/readings/embedded-settings.ts'
import { silentLog } from '../../support/silent-log.ts'
import type { Figure, Part, Run } from '../figure.ts'
import { benchNetwork, loadDevice } from '../network.ts'

/**
 * The detector over recorded readings of 200 wells: a file in order, as `npm run backtest` reads it; the
 * same out of order; and the same from the store, in the thread that the server runs it in.
 */
export const backtest: Part = async (run) => {
  const minutes = run.quick ? 60 : 2000
  const dir = mkdtempSync(join(tmpdir(), 'bench-backtest-'))
  const network = benchNetwork(WELLS, 0)
  const names = { network: join(dir, 'network.geojson'), out: join(dir, 'out.jsonl') }
  writeFileSync(names.network, JSON.stringify(network))
  try {
    const figures: Figure[] = []
    for (const order of ['ordered', 'shuffled'] as const) {
      const readings = join(dir, `${order}.csv`)
      writeReadings(readings, minutes, order)
      figures.push(await overFile({ run, minutes, files: { ...names, readings } }, order))
    }
    figures.push({
      id: 'backtest-memory',
      what: '… memory at most',
      unit: 'MB',
      target: { at: 'most', value: 1024 },
      value: process.resourceUsage().maxRSS / 1024,
    })
    figures.push(await overStore({ run, minutes, dir }, packNetwork(network)))
    return figures
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

const WELLS = 200
const SIGNALS = ['pressure_mpa', 'temperature_c', 'chamber_c', 'humidity_pct', 'water_level_m'] as const
const START = Date.UTC(2026, 0, 15)
/** Coprime to any number of minutes here: a walk through all of them in big steps. */
const STEP = 7919
const WANTED = { at: 'least', value: 300_000 } as const

const rowsIn = (minutes: number): number => minutes * WELLS * SIGNALS.length

function* minutesOf(minutes: number, order: 'ordered' | 'shuffled'): Generator<number> {
  for (let n = 0; n < minutes; n += 1) yield order === 'ordered' ? n : (n * STEP) % minutes
}

let seed = 1
const chance = (): number => (seed = Math.imul(seed, 48271) & 0x7fffffff) / 0x7fffffff
const at = (minute: number, well: number): number =>
  START + minute * MINUTE + Math.floor((well * 60) / WELLS) * 1000
const values = (): number[] =>
  [0.6 + chance() * 0.004, 110 + chance(), 40 + chance(), 60 + chance() * 3, chance() / 100].map((value) =>
    Number(value.toFixed(4)),
  )

function writeReadings(name: string, minutes: number, order: 'ordered' | 'shuffled'): void {
  const file = openSync(name, 'w')
  writeSync(file, 'ts,device,signal,value\n')
  for (const minute of minutesOf(minutes, order)) {
    let text = ''
    for (let well = 0; well < WELLS; well += 1) {
      const some = values()
      for (const [i, signal] of SIGNALS.entries()) {
        text += `${String(at(minute, well))},${loadDevice(well)},${signal},${String(some[i])}\n`
      }
    }
    writeSync(file, text)
  }
  closeSync(file)
}

function cpuSince(before?: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

async function overFile(
  { run, minutes, files }: { run: Run; minutes: number; files: Parameters<typeof runBacktest>[0] },
  order: 'ordered' | 'shuffled',
): Promise<Figure> {
  const before = process.cpuUsage()
  const account: string[] = []
  const usable = await runBacktest(files, (line) => account.push(line))
  const rows = rowsIn(minutes)
  if (!usable || !account.some((line) => line.startsWith(`rows: ${String(rows)} used`))) {
    throw new Error(`not every row was used: ${account.join('; ')}`)
  }
  const rate = rows / cpuSince(before)
  run.say(`${String(rows)} rows, ${order}: ${rate.toFixed(0)} a CPU second`)
  const what = order === 'ordered' ? 'backtest of a file' : '… out of order'
  const figure = { id: `backtest-${order}`, what, value: rate, unit: 'rows/CPU s' }
  // The short form is over before the code is compiled.
  return order === 'ordered' && !run.quick ? { ...figure, target: WANTED } : figure
}

async function overStore(
  { run, minutes, dir }: { run: Run; minutes: number; dir: string },
  packed: Uint8Array,
): Promise<Figure> {
  const settings = embeddedSettings(dir)
  const writer = openReadingsWriter(settings, silentLog)
  for (const minute of minutesOf(minutes, 'ordered')) {
    const { rejected } = await writer.write(Array.from({ length: WELLS }, (_, well) => reading(minute, well)))
    if (rejected.length > 0) throw new Error(`not stored: ${String(rejected[0]?.reason)}`)
    while (writer.maintain?.() === true);
  }
  await writer.close()
  const before = process.cpuUsage()
  const rows = rowsIn(minutes)
  const account = await new Promise<readonly string[]>((resolve, reject) => {
    const order = {
      network: { version: 1, packed, departments: [], routing: WUDA_ROUTING },
      settings: DEFAULT_SETTINGS,
      from: START,
      to: START + minutes * MINUTE,
    }
    backtestThread(settings)(order, (news: BacktestNews) => {
      if (news.kind === 'done') resolve(news.account.map(({ en }) => en))
      if (news.kind === 'failed') reject(new Error(news.problem))
    })
  })
  if (!account.some((line) => line.startsWith(`rows: ${String(rows)} used`))) {
    throw new Error(`not every row was used: ${account.join('; ')}`)
  }
  const rate = rows / cpuSince(before)
  run.say(`the same from the store, in its thread: ${rate.toFixed(0)} a CPU second`)
  return {
    id: 'backtest-stored',
    what: '… from the store, in the server’s thread',
    unit: 'rows/CPU s',
    value: rate,
  }
}

function reading(minute: number, well: number): StoredReading {
  const some = values()
  return {
    measurement: 'well',
    deviceId: loadDevice(well),
    assetId: `load-well-${String(well)}`,
    network: 'primary',
    zone: '',
    at: at(minute, well),
    fields: Object.fromEntries(SIGNALS.map((signal, i) => [signal, some[i] ?? 0])),
  }
}
