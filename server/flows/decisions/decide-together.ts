import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import { Changes, type Services, type OnceKey, type Transaction } from './decisions.ts'
import { newsOf, type News } from './show-tickets.ts'
import { unitOfWork } from './unit-of-work.ts'

/**
 * Load → decide → save in one transaction, then publish what it has changed: what the screens are shown is
 * made before the commit, and a failure there fails no more for the caller. With a key the result is kept
 * for 24 hours in the same transaction, so that a request sent twice is done once.
 */
export async function decideTogether<T>(
  services: Services,
  work: (on: Transaction) => Promise<T | Refusal>,
  once?: OnceKey,
): Promise<T | Refusal> {
  let publish: () => void = () => undefined
  const result = await services.store.transact(async (repositories) => {
    const changes = new Changes()
    const on = { services, repositories: unitOfWork(repositories, changes), changes }
    const kept = once === undefined ? undefined : await repositories.once.find(once)
    if (kept !== undefined) {
      if (kept.fingerprint !== once?.fingerprint)
        return refuse('conflict', {
          zh: '同一 Idempotency-Key 用于不同内容',
          en: 'the same Idempotency-Key came with other content',
        })
      // Written below from a value of this very type.
      return kept.result as T
    }
    const done = await work(on)
    if (isRefusal(done)) return done
    if (once !== undefined) await repositories.once.keep(once, done, services.clock.now())
    publish = await newsOf(on).then(
      (news) => () => tell(services, news),
      (error: unknown) => () => services.onPublishFailed(error),
    )
    return done
  })
  if (!isRefusal(result)) publish()
  return result
}

function tell({ live, onPublishFailed }: Services, news: readonly News[]): void {
  try {
    for (const { event, id, data } of news) live.publish(event, id, data)
  } catch (error) {
    onPublishFailed(error)
  }
}
