import { SECOND } from '../time.ts'
import type { Fault } from './fault.ts'

/** Every message comes three times. */
export const duplicates: Fault = {
  id: 'duplicates',
  title: '重复报文 duplicates',
  apply: (sending) => [0, 1, 4].map((s) => ({ ...sending, sendAt: sending.sendAt + s * SECOND })),
}
