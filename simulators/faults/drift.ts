import { HOUR } from '../time.ts'
import type { Fault } from './fault.ts'
import { changing } from './fault.ts'

const MPA_PER_H = 0.003

/** Slow drift, 0.5–5 kPa/h for pressure. */
export const drift: Fault = {
  id: 'drift',
  title: '缓慢漂移 slow drift',
  expected: 'drift',
  apply: changing(
    (value, { applied, at }) => value + ((applied.size ?? MPA_PER_H) * (at - applied.from)) / HOUR,
  ),
}
