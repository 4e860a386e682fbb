import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import type { Clock } from '../flows/ports.ts'
import { DAY, MINUTE, parseInstant, type Instant } from '../domain/instant.ts'
import { DATABASE } from '../disk/installation.ts'
import { replaceFile } from '../disk/replace-file.ts'

/** A start later than this after the last run needs somebody to confirm the time. */
const MAX_OFF_MS = 30 * DAY
/** A stored time beyond this shows that the file is damaged. */
const MAX_INSTANT = Date.UTC(2200, 0)
/** A larger step of the computer's clock is not followed. */
const MAX_STEP_MS = 5 * MINUTE

/** The computer's clock without its jumps: after one the time goes on as before until somebody confirms it. */
export interface SteadyClock extends Clock {
  /** The computer's clock less the time that is kept, ms; undefined while both agree. */
  held(): number | undefined
  /** Takes the computer's clock as it is now. */
  accept(): void
  /** Saves the time for the next start, once a minute at most. */
  remember(): void
}

/** Keeps the time over a restart. */
export interface KeptTime {
  load(): Instant | undefined
  save(at: Instant): void
}

const REMEMBER_EVERY_MS = MINUTE

/**
 * A jump would make every ticket overdue at once, or none for a year. Slow corrections and small steps are
 * followed, and so is a clock that comes back by itself. A start takes the clock as it is, with two exceptions.
 * A clock that stands before the end of the last run has lost its battery: the time goes on from that end
 * until the clock has passed it. A clock more than a month after the last run may be wrong or right: the time
 * goes on from the last run until somebody confirms the new one.
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
  /** True until the computer's clock has passed the end of the last run. */
  let isBehind = rest < -MAX_STEP_MS
  let held = isBehind || rest > MAX_OFF_MS ? rest : undefined

  /** The time in force. Every message asks for it, so it must be cheap. */
  function look(): number {
    const atWall = wall()
    const atMonotonic = monotonic()
    const kept = lastWall - (held ?? 0) + (atMonotonic - lastMonotonic)
    const ahead = atWall - kept
    const isLeap = isBehind ? ahead < -MAX_STEP_MS : Math.abs(ahead) > MAX_STEP_MS
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

/** Without a readable time, the modification time of the database says when the last run ended. */
function keptIn(dataDir: string): KeptTime {
  const file = join(dataDir, 'clock')
  const load = () => stored(file) ?? writtenAt(join(dataDir, DATABASE))
  return { load, save: (at) => replaceFile(file, String(at), { flush: true }) }
}

function stored(file: string): Instant | undefined {
  try {
    const at = Number(readFileSync(file, 'utf8'))
    return at > 0 && at <= MAX_INSTANT ? at : undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function writtenAt(file: string): Instant | undefined {
  const at = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0
  return at > 0 && at <= MAX_INSTANT ? at : undefined
}

/** The clock that the configuration asks for; a manual one goes on where it stood. */
export function clockOf(config: Config, dataDir: string): SteadyClock | ManualClock {
  if (config.clock === 'system') return createSteadyClock(keptIn(dataDir))
  return createManualClock(dataDir, parseInstant(config.clockStart) ?? Date.now())
}

export function isManual(clock: SteadyClock | ManualClock): clock is ManualClock {
  return 'set' in clock
}
