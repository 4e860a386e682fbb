import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Clock } from '../flows/ports.ts'
import { DAY, MINUTE, parseInstant, type Instant } from '../domain/instant.ts'
import { DATABASE } from './installation.ts'
import { replaceFile } from './replace-file.ts'

/** A start further than this after the last run is not believed unasked. */
const LONGEST_REST_MS = 30 * DAY
/** A time beyond this was not written by us: the file is damaged. */
const LATEST = Date.UTC(2200, 0)
/** A computer's clock that steps further than this is not believed. */
const LARGEST_STEP_MS = 5 * MINUTE

/** The computer's clock, but not its leaps: after one the time goes on as before until somebody confirms it. */
export interface SteadyClock extends Clock {
  /** The computer's clock less the time that is kept, ms; undefined while both agree. */
  held(): number | undefined
  /** Takes the computer's clock as it is now. */
  accept(): void
  /** Puts on disk what time it is, now and then. */
  remember(): void
}

/** Where the time is kept over a restart. */
export interface KeptTime {
  load(): Instant | undefined
  save(at: Instant): void
}

const REMEMBER_EVERY_MS = MINUTE

/**
 * A leap would make every ticket overdue at once, or none for a year (F7). Slow corrections and small
 * steps are followed; a clock that comes back by itself is believed again. A restart takes it as it is,
 * unless it stands before the time of the last run, as that of a computer does which lost its battery: the
 * time then goes on from there until the clock has passed it. A clock that stands more than a month after the
 * last run may be wrong or right: there, too, the time goes on from the last run until somebody confirms it.
 */
export function createSteadyClock(
  keptTime: KeptTime,
  wall: () => number = Date.now,
  monotonic: () => number = () => performance.now(),
): SteadyClock {
  let lastWall = wall()
  let lastMonotonic = monotonic()
  let rememberedAt = lastMonotonic
  const before = keptTime.load()
  const rest = before === undefined ? 0 : lastWall - before
  /** Until it has passed the last run's time, any time after it is likelier than that of the computer. */
  let isBehind = rest < -LARGEST_STEP_MS
  let held = isBehind || rest > LONGEST_REST_MS ? rest : undefined

  /** The time that is kept. Every message asks for it. */
  function look(): number {
    const atWall = wall()
    const atMonotonic = monotonic()
    const kept = lastWall - (held ?? 0) + (atMonotonic - lastMonotonic)
    const ahead = atWall - kept
    const isLeap = isBehind ? ahead < -LARGEST_STEP_MS : Math.abs(ahead) > LARGEST_STEP_MS
    if (!isLeap) isBehind = false
    lastWall = atWall
    lastMonotonic = atMonotonic
    held = isLeap ? ahead : undefined
    return isLeap ? kept : atWall
  }

  return {
    now: () => Math.round(look()),
    held() {
      look()
      return held
    },
    accept() {
      lastWall = wall()
      lastMonotonic = monotonic()
      held = undefined
      isBehind = false
      rememberedAt = -Infinity
    },
    remember() {
      if (monotonic() - rememberedAt < REMEMBER_EVERY_MS) return
      keptTime.save(Math.round(look()))
      rememberedAt = monotonic()
    },
  }
}

/** A clock that moves only when told; it stands again where it stood after a restart. */
export interface ManualClock extends Clock {
  /** Moves forward to `at`; a clock never goes back. */
  set(at: Instant): void
}

export function createManualClock(dataDir: string, startAt: Instant): ManualClock {
  const file = join(dataDir, 'manual-clock')
  let now = stored(file) ?? startAt
  const save = (): void => replaceFile(file, String(now))
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

/** Where no time can be read, the database was last written when its file says. */
function keptIn(dataDir: string): KeptTime {
  const file = join(dataDir, 'clock')
  const load = () => stored(file) ?? writtenAt(join(dataDir, DATABASE))
  return { load, save: (at) => replaceFile(file, String(at), { flush: true }) }
}

function stored(file: string): Instant | undefined {
  try {
    const at = Number(readFileSync(file, 'utf8'))
    return at > 0 && at <= LATEST ? at : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function writtenAt(file: string): Instant | undefined {
  const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return at > 0 && at <= LATEST ? at : undefined
}

/** The clock that the configuration asks for; a manual one goes on where it stood. */
export function clockOf(config: Config, dataDir: string): SteadyClock | ManualClock {
  if (config.clock === 'system') return createSteadyClock(keptIn(dataDir))
  return createManualClock(dataDir, parseInstant(config.clockStart) ?? Date.now())
}

export function isManual(clock: SteadyClock | ManualClock): clock is ManualClock {
  return 'set' in clock
}
