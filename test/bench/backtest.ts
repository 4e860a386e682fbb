/**
 * Speed and memory of a backtest: `node test/bench/backtest.ts [rows] [--shuffled]`. Aim: 300,000 rows/s,
 * and 16 million rows within about 1 GB. Files are made in a temporary directory and removed.
 */
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runBacktest } from '../../server/backtest-command.ts'
import { MINUTE } from '../../server/domain/instant.ts'

const SIGNALS = ['pressure_mpa', 'temperature_c', 'chamber_c', 'humidity_pct', 'cover_tilt_deg']
const WELLS = 200
const rows = Number(process.argv.find((word) => /^\d+$/.test(word)) ?? 1_000_000)
const shuffled = process.argv.includes('--shuffled')
const start = Date.UTC(2026, 0, 15)
const dir = mkdtempSync(join(tmpdir(), 'backtest-'))
const [network, readings, out] = ['network.geojson', 'readings.csv', 'out.jsonl'].map((n) => join(dir, n))
if (network === undefined || readings === undefined || out === undefined) throw new Error('no names')

let seed = 1
const chance = (): number => (seed = Math.imul(seed, 48271) & 0x7fffffff) / 0x7fffffff

function writeNetwork(name: string): void {
  const features = Array.from({ length: WELLS }, (_, n) => ({
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [106.8 + (n % 20) / 1000, 39.65 + Math.floor(n / 20) / 1000] },
    properties: {
      ...{ kind: 'well', id: `w${n}`, name: `w${n}`, network: 'primary' },
      devices: [{ id: `d${n}`, signals: SIGNALS, intervalS: 60 }],
    },
  }))
  const file = openSync(name, 'w')
  writeSync(file, JSON.stringify({ type: 'FeatureCollection', features }))
  closeSync(file)
}

/** Rows of all wells, minute by minute; shuffled over the whole time by a walk through it in big steps. */
function writeReadings(name: string): void {
  const file = openSync(name, 'w')
  const minutes = Math.ceil(rows / (WELLS * SIGNALS.length))
  writeSync(file, 'ts,device,signal,value\n')
  for (let n = 0; n < minutes; n += 1) {
    const minute = shuffled ? (n * 7919) % minutes : n
    let text = ''
    for (let well = 0; well < WELLS; well += 1) {
      const at = start + minute * MINUTE + Math.floor((well * 60) / WELLS) * 1000
      const values = [0.6 + chance() * 0.004, 110 + chance(), 40 + chance(), 60 + chance() * 3, 2 + chance()]
      for (const [i, signal] of SIGNALS.entries())
        text += `${at},d${well},${signal},${values[i]?.toFixed(4)}\n`
    }
    writeSync(file, text)
  }
  closeSync(file)
}

try {
  writeNetwork(network)
  writeReadings(readings)
  const account: string[] = []
  const began = performance.now()
  const cpu = process.cpuUsage()
  await runBacktest({ network, readings, out }, (line) => account.push(line))
  const seconds = (performance.now() - began) / 1000
  const used = process.cpuUsage(cpu)
  const cpuS = (used.user + used.system) / 1e6
  const [read = ''] = account.filter((line) => line.startsWith('rows:'))
  const figures = {
    ...{
      rows,
      shuffled,
      mb: Math.round(statSync(readings).size / 2 ** 20),
      seconds: Number(seconds.toFixed(1)),
    },
    rowsPerS: Math.round(rows / seconds),
    rowsPerCpuS: Math.round(rows / cpuS),
    peakMb: Math.round(process.resourceUsage().maxRSS / 1024),
    changes: readFileSync(out, 'utf8').split('\n').length - 1,
  }
  process.stdout.write(`${read}\n${JSON.stringify(figures)}\n`)
} finally {
  rmSync(dir, { recursive: true, force: true })
}
