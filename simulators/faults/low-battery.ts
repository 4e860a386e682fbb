import { uniform } from '../seeded-random.ts'
import { DAY } from '../time.ts'
import type { Fault } from './fault.ts'

const VOLTS_PER_DAY = 0.02
const LOW_V = 3.2
const GAP_SHARE = 0.5

/** The cell runs down; below 3.2 V every second report fails in the cold. */
export const lowBattery: Fault = {
  id: 'low-battery',
  title: '电池欠压 low battery',
  expected: 'battery',
  apply(sending, { applied, seed }) {
    const { ts, values } = sending.sample
    const volts = (applied.size ?? 3.25) - (VOLTS_PER_DAY * (ts - applied.from)) / DAY
    if (volts < LOW_V && uniform(seed, 'cold gap', applied.deviceId, ts) < GAP_SHARE) return []
    return [{ ...sending, sample: { ts, values: { ...values, battery_v: Math.round(volts * 1000) / 1000 } } }]
  },
}
