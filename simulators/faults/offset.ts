import type { Fault } from './fault.ts'
import { changing } from './fault.ts'

/** A constant error after service. */
export const offset: Fault = {
  id: 'offset',
  title: '检修后偏移 offset after service',
  expected: 'offset',
  apply: changing((value, { applied }) => value + (applied.size ?? 0.05)),
}
