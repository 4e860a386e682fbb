import type { Clock, Consumer, Log, Timed } from '../flows/ports.ts'
import type { Instant } from '../domain/instant.ts'
import type { ManualClock } from './clock.ts'

const MAX_SLEEP_MS = 500
/** A task may be due again at the same instant, but not without end. */
const MAX_ROUNDS = 10_000

export interface Schedule {
  /** Tasks whose last run failed, with the reason. */
  failing(): Readonly<Record<string, string>>
  /** How long the task that runs now has taken; the others wait for it. */
  stuckMs(): number
  close(): Promise<void>
}

/**
 * Runs each scheduled task when its next instant has come. It looks at least twice a second, so a stepped
 * clock, a suspended process or a changed deadline needs no special care: instants are data.
 */
export function runSchedule(parts: readonly Timed[], clock: Clock, log: Log): Schedule {
  const stopping = new AbortController()
  const failing = new Map<string, string>()
  let turnBegan: number | undefined
  const loop = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      const now = clock.now()
      for (const part of parts) {
        turnBegan = performance.now()
        try {
          const due = await part.nextDue()
          if (due !== undefined && due <= now) await part.run(now)
          failing.delete(part.name)
        } catch (error) {
          if (!failing.has(part.name)) log.error({ err: error, part: part.name }, 'scheduled task failed')
          failing.set(part.name, error instanceof Error ? error.message : String(error))
        }
      }
      turnBegan = undefined
      await sleep(MAX_SLEEP_MS, stopping.signal)
    }
  }
  const running = loop()
  return {
    failing: () => Object.fromEntries(failing),
    stuckMs: () => (turnBegan === undefined ? 0 : performance.now() - turnBegan),
    async close() {
      stopping.abort()
      await running
    },
  }
}

/**
 * Moves the manual clock to `to`: consumers read all acknowledged messages first, then every task runs at each
 * of its instants on the way, in order.
 */
export async function advance(
  clock: ManualClock,
  to: Instant,
  world: { readonly parts: readonly Timed[]; readonly consumers: readonly Consumer[] },
): Promise<void> {
  for (const consumer of world.consumers) await consumer.catchUp()
  let roundsAtInstant = 0
  for (;;) {
    const next = await nextInstant(world.parts, to)
    if (next === undefined) break
    roundsAtInstant = next > clock.now() ? 0 : roundsAtInstant + 1
    if (roundsAtInstant > MAX_ROUNDS) throw new Error(`a timed part stays due at ${String(next)}`)
    if (next > clock.now()) clock.set(next)
    for (const part of world.parts) {
      const due = await part.nextDue()
      if (due !== undefined && due <= clock.now()) await part.run(clock.now())
    }
  }
  if (to > clock.now()) clock.set(to)
}

async function nextInstant(parts: readonly Timed[], to: Instant): Promise<Instant | undefined> {
  let next: Instant | undefined
  for (const part of parts) {
    const due = await part.nextDue()
    if (due !== undefined && due <= to && (next === undefined || due < next)) next = due
  }
  return next
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const timer = setTimeout(finish, ms)
    signal.addEventListener('abort', finish, { once: true })
    function finish(): void {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
  })
}
