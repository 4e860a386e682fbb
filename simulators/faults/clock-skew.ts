import { HOUR } from '../time.ts'
import type { Fault } from './fault.ts'

/** The device's clock is wrong by a steady offset; eight hours is the wrong time zone. */
export const clockSkew: Fault = {
  id: 'clock-skew',
  title: '时钟偏差 clock skew',
  expected: 'skew',
  apply(sending, { applied }) {
    const ts = Math.round(sending.sample.ts + (applied.size ?? -8 * HOUR))
    return [{ ...sending, sample: { ...sending.sample, ts } }]
  },
}
