import { between } from '../seeded-random.ts'
import { MINUTE } from '../time.ts'
import type { Fault } from './fault.ts'

/** Messages overtake one another by up to ten minutes. */
export const outOfOrder: Fault = {
  id: 'out-of-order',
  title: '乱序 out of order',
  apply(sending, { applied, seed }) {
    const late = between(seed, [0, applied.size ?? 10 * MINUTE], 'order', applied.deviceId, sending.sample.ts)
    return [{ ...sending, sendAt: sending.sendAt + late }]
  },
}
