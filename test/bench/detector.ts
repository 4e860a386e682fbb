/**
 * Speed and size of the detector: `node test/bench/detector.ts [sensors]`. Promised: at most 2 µs of
 * processor time for a reading, under 100 MB of heap for 10,000 sensors with a day behind them.
 */
import type { NetworkFile } from '../../server/contract/network.ts'
import { DEFAULT_SETTINGS } from '../../server/domain/detection/catalogue.ts'
import { createDetectorState } from '../../server/domain/detection/core/state.ts'
import { step } from '../../server/domain/detection/step.ts'
import { MINUTE, SECOND } from '../../server/domain/instant.ts'
import { buildNetwork } from '../../server/domain/network/build.ts'

const SIGNALS = ['pressure_mpa', 'temperature_c', 'chamber_c', 'humidity_pct', 'cover_tilt_deg']
const sensors = Number(process.argv[2] ?? 10_000)
const wells = Math.ceil(sensors / SIGNALS.length)
const start = Date.UTC(2026, 0, 15)

const at = (n: number): [number, number] => [106.8 + (n % 100) / 1000, 39.65 + Math.floor(n / 100) / 1000]
const features = Array.from({ length: wells }, (_, n) => ({
  type: 'Feature',
  geometry: { type: 'Point', coordinates: at(n) },
  properties: {
    kind: 'well',
    id: `w${n}`,
    name: `w${n}`,
    network: 'primary',
    devices: [{ id: `d${n}`, signals: SIGNALS, intervalS: 10 }],
  },
}))
const network = buildNetwork({ type: 'FeatureCollection', features } as NetworkFile, 1)
const context = { network, settings: DEFAULT_SETTINGS }
const state = createDetectorState()

let seed = 1
const chance = (): number => (seed = Math.imul(seed, 48271) & 0x7fffffff) / 0x7fffffff
let findings = 0

function round(now: number): void {
  for (let n = 0; n < wells; n += 1) {
    const values = {
      pressure_mpa: 0.6 + chance() * 0.004,
      temperature_c: 110 + chance(),
      chamber_c: 40 + chance(),
      humidity_pct: 60 + chance() * 3,
      cover_tilt_deg: 2 + chance(),
    }
    const sample = { ts: now, values }
    const decoded = { kind: 'telemetry' as const, samples: [sample], rejected: [] }
    findings += step(state, { deviceId: `d${n}`, receivedAt: now + 200, decoded }, context).length
  }
}

globalThis.gc?.()
const before = process.memoryUsage().heapUsed
for (let n = 0; n < 150; n += 1) round(start + n * 10 * MINUTE)
globalThis.gc?.()
const heapMb = (process.memoryUsage().heapUsed - before) / 2 ** 20

const from = start + 150 * 10 * MINUTE
const began = process.cpuUsage()
const rounds = Math.max(1, Math.round(1_000_000 / (wells * SIGNALS.length)))
for (let n = 0; n < rounds; n += 1) round(from + n * 10 * SECOND)
const readings = rounds * wells * SIGNALS.length
const usPerReading = process.cpuUsage(began).user / readings
const began2 = performance.now()
const bytes = Object.values(state.devices).reduce((sum, device) => sum + JSON.stringify(device).length, 0)
const saveMs = performance.now() - began2

process.stdout.write(
  `${JSON.stringify({ sensors: wells * SIGNALS.length, readings, usPerReading: Number(usPerReading.toFixed(3)), heapMb: Number(heapMb.toFixed(1)), stateMb: Number((bytes / 2 ** 20).toFixed(1)), saveMs: Math.round(saveMs), findings })}\n`,
)
