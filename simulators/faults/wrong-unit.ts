import type { Fault } from './fault.ts'
import { changing } from './fault.ts'

/** bar for MPa by default; 1000 for kPa. */
export const wrongUnit: Fault = {
  id: 'wrong-unit',
  title: '单位错误 wrong unit',
  expected: 'unit',
  apply: changing((value, { applied, signal }) =>
    signal.endsWith('_mpa') ? value * (applied.size ?? 10) : value,
  ),
}
