import { HOUR } from '../time.ts'
import type { Fault } from './fault.ts'

/** No radio until the end of the fault (six hours by default); then everything comes in one batch. */
export const lateBatch: Fault = {
  id: 'late-batch',
  title: '补传 late store-and-forward batch',
  apply(sending, { applied }) {
    const back = applied.until ?? applied.from + (applied.size ?? 6 * HOUR)
    return [{ ...sending, sendAt: Math.max(sending.sendAt, back) }]
  },
}
