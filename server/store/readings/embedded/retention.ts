import { statfsSync } from 'node:fs'
import type { Log } from '../../../flows/ports.ts'
import type { Layout } from './layout.ts'

export interface Retention {
  /** Whole days of raw readings beside today. */
  readonly rawDays: number
  readonly minuteDays: number
  readonly hourDays: number
}

/** Below this share of the disk, or this many bytes, the oldest raw days go before their time. */
const FREE_SHARE = 0.1
const FREE_BYTES = 2 * 1024 ** 3
/** Today and yesterday always stay. */
const DAYS_THAT_STAY = 2

/** How many files each folder keeps; counted, not dated, so that a jump of the clock drops one at most. */
export function filesKept(retention: Retention): Record<'raw' | 'minutes' | 'hours', number> {
  return {
    raw: retention.rawDays + 1,
    minutes: Math.ceil(retention.minuteDays / 30) + 1,
    hours: Math.ceil(retention.hourDays / 365) + 1,
  }
}

/** The oldest raw day when there is one too many of them, or too little disk. */
export function rawDayToDrop(layout: Layout, retention: Retention, dir: string): string | undefined {
  const names = layout.raw.names()
  if (names.length > filesKept(retention).raw) return names[0]
  return names.length > DAYS_THAT_STAY && diskIsShort(dir) ? names[0] : undefined
}

export function dropOldRollups(layout: Layout, retention: Retention, log: Log): void {
  for (const tier of ['minutes', 'hours'] as const) {
    for (const name of layout[tier].names().slice(0, -filesKept(retention)[tier])) {
      layout[tier].drop(name)
      log.info({ tier, name }, 'roll-ups past their retention dropped')
    }
  }
}

function diskIsShort(dir: string): boolean {
  const { bavail, blocks, bsize } = statfsSync(dir)
  return bavail * bsize < Math.min(blocks * bsize * FREE_SHARE, FREE_BYTES)
}
