import { isRefusal } from '#contract/problem.ts'
import { DAY, type Instant } from '../../domain/instant.ts'
import type { DecisionStore } from '../decisions/decisions.ts'
import type { Clock, Log, Timed } from '../ports.ts'

/**
 * Once a day takes the names and numbers of callers out of calls whose tickets were archived and that
 * were received longer ago than `keepDays`. What was reported and done stays. Answers that were kept for a
 * request sent again have them too, and go after a day.
 */
export function createForgettingCallers(parts: {
  readonly store: DecisionStore
  readonly clock: Clock
  readonly keepDays: number
  readonly log: Log
}): Timed {
  let due: Instant = parts.clock.now()
  return {
    name: 'forgetting callers',
    nextDue: () => due,
    async run(at) {
      const forgotten = await parts.store.transact(async (repositories) => {
        await repositories.once.forget(at - DAY)
        return repositories.calls.forgetCallers(at - parts.keepDays * DAY)
      })
      if (isRefusal(forgotten)) throw new Error(forgotten.detail)
      await parts.store.emptyLog()
      if (forgotten > 0) parts.log.info({ calls: forgotten }, 'callers of long ago were forgotten')
      due = at + DAY
    },
  }
}
