import { uniform } from '../seeded-random.ts'
import type { Fault } from './fault.ts'
import { changing } from './fault.ts'

const SHARE = 0.2

/** One sample in five jumps away and back. */
export const spike: Fault = {
  id: 'spike',
  title: '毛刺 spikes',
  expected: 'spike',
  apply: changing((value, { applied, seed, signal, at }) =>
    uniform(seed, 'spike', applied.deviceId, signal, at) < SHARE
      ? value * 1.6 + (applied.size ?? 0.3)
      : value,
  ),
}
