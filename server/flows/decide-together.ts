import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { DAY } from '../domain/instant.ts'
import type { Work } from './append-events.ts'
import { Changes, type Desk, type OnceKey } from './decisions.ts'
import { publishChanges } from './ticket/show-tickets.ts'

/**
 * Load → decide → save in one transaction, then publish what has changed; that fails no more for the caller. With a key the result is kept
 * for 24 hours in the same transaction, so that a request sent twice is done once.
 */
export async function decideTogether<T>(
  desk: Desk,
  work: (on: Work) => Promise<T | Refusal>,
  once?: OnceKey,
): Promise<T | Refusal> {
  const changes = new Changes()
  const result = await desk.store.transact(async (unit) => {
    if (once === undefined) return work({ desk, unit, changes })
    const kept = await unit.once.find(once)
    if (kept !== undefined) {
      if (kept.fingerprint !== once.fingerprint)
        return refuse('conflict', {
          zh: '同一 Idempotency-Key 用于不同内容',
          en: 'the same Idempotency-Key came with other content',
        })
      // Written below from a value of this very type.
      return kept.result as T
    }
    const done = await work({ desk, unit, changes })
    const at = desk.clock.now()
    if (!isRefusal(done)) await unit.once.keep(once, done, { at, forgetBefore: at - DAY })
    return done
  })
  if (!isRefusal(result)) await publishChanges(desk, changes).catch(desk.unshown)
  return result
}
