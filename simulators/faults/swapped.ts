import type { Fault } from './fault.ts'
import { changing } from './fault.ts'

/** After a replacement another device answers under this name: every level is another. */
export const swapped: Fault = {
  id: 'swapped',
  title: '换错设备 swapped after replacement',
  expected: 'swapped',
  apply: changing((value, { applied }) => value * (applied.size ?? 0.72)),
}
