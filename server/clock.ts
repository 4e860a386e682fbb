import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from './flows/ports.ts'
import type { Instant } from './domain/instant.ts'

export const systemClock: Clock = { now: () => Date.now() }

/** A clock that moves only when told; it stands again where it stood after a restart. */
export interface ManualClock extends Clock {
  /** Moves forward to `at`; a clock never goes back. */
  set(at: Instant): void
}

export function createManualClock(dataDir: string, startAt: Instant): ManualClock {
  const file = join(dataDir, 'manual-clock')
  let now = stored(file) ?? startAt
  const save = (): void => {
    writeFileSync(`${file}.new`, String(now))
    renameSync(`${file}.new`, file)
  }
  save()
  return {
    now: () => now,
    set(at) {
      if (at < now) throw new RangeError('the manual clock cannot go back')
      now = at
      save()
    },
  }
}

function stored(file: string): Instant | undefined {
  try {
    const at = Number(readFileSync(file, 'utf8'))
    return Number.isFinite(at) ? at : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}
