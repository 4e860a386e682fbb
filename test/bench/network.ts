import type { NetworkFile } from '#contract/network.ts'
import { anArea, aDevice, aFile, aPipe, aSource, aWell, place } from '../support/networks.ts'

/** The eight values that a full sample of a load device carries; the first alone is the small one. */
export const SIGNALS = [
  'pressure_mpa',
  'temperature_c',
  'chamber_c',
  'humidity_pct',
  'water_level_m',
  'battery_v',
  'rssi_dbm',
  'shock_g',
] as const

export const loadDevice = (n: number): string => `load-${String(n)}`
export const lidDevice = (n: number): string => `lid-${String(n)}`
export const lidWell = (n: number): string => `lid-well-${String(n)}`

const COLUMNS = 40
/** Far enough apart that no two covers are one incident. */
const APART_M = 150

/** One trunk from well to well: so many wells that carry load, then so many whose cover is watched. */
export function benchNetwork(loads: number, lids: number): NetworkFile {
  const spot = (n: number) => place((n % COLUMNS) * APART_M, Math.floor(n / COLUMNS) * APART_M)
  const source = aSource('src', place(-APART_M, 0))
  const wells = Array.from({ length: loads + lids }, (_, n) =>
    n < loads
      ? aWell(`load-well-${String(n)}`, spot(n), {
          devices: [aDevice(loadDevice(n), { signals: [...SIGNALS], intervalS: 10 })],
        })
      : aWell(lidWell(n - loads), spot(n), {
          address: `${String(n - loads)} 号井`,
          devices: [aDevice(lidDevice(n - loads), { intervalS: 86_400, power: 'battery' })],
        }),
  )
  const pipes = wells.map((well, n) => aPipe(`p-${String(n)}`, wells[n - 1] ?? source, well))
  return aFile(
    source,
    ...wells,
    ...pipes,
    anArea('area-1', place(-5000, -5000), place(20_000, 20_000), { name: '一区' }),
  )
}
