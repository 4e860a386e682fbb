import { SECOND } from '../time.ts'
import type { Fault } from './fault.ts'

/** The cover's contact bounces: open, closed, open within a second, tilt unmoved. */
export const switchBounce: Fault = {
  id: 'switch-bounce',
  title: '井盖开关抖动 cover switch bounce',
  apply(sending) {
    const { ts, values } = sending.sample
    return [true, false, true, false].map((open, i) => ({
      sendAt: sending.sendAt + 2 * SECOND,
      sample: { ts: ts + i * 300, values: { ...values, cover_open: open } },
    }))
  },
}
