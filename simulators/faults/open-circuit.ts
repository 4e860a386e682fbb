import type { Fault } from './fault.ts'
import { changing } from './fault.ts'

/** A broken wire: the end of the range, −39.9 °C, or 0. */
export const openCircuit: Fault = {
  id: 'open-circuit',
  title: '断线 open circuit',
  expected: 'range',
  apply: changing((_, { signal }) => (signal.endsWith('_c') ? -39.9 : 0)),
}
