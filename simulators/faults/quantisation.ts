import type { Fault } from './fault.ts'
import { changing } from './fault.ts'

/** Coarser steps after a change of firmware. */
export const quantisation: Fault = {
  id: 'quantisation',
  title: '分辨率改变 changed quantisation',
  apply: changing(
    (value, { applied }) => Math.round(value / (applied.size ?? 0.01)) * (applied.size ?? 0.01),
  ),
}
