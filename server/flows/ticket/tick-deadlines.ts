import { isRefusal } from '#contract/problem.ts'
import type { Instant } from '../../domain/instant.ts'
import { assess } from '../../domain/ticket/assessment.ts'
import { nextDue } from '../../domain/ticket/sweep.ts'
import { appendEvents, written } from '../decisions/append-events.ts'
import { decideTogether } from '../decisions/decide-together.ts'
import type { Services } from '../decisions/decisions.ts'
import type { Timed } from '../ports.ts'
import { fillFacts } from '../decisions/show-figures.ts'

const AT_ONCE = 100

/**
 * Writes deemed acceptances, warnings and breaches at their instants. When they are due is computed from
 * the history and indexed in SQL; nothing is kept in memory, so a restart neither forgets nor repeats.
 */
export function createDeadlines(services: Services): Timed {
  let isReckoned = false

  /** Another policy or calendar may have come with the restart: every open ticket is reckoned anew. */
  async function reckonAll(): Promise<void> {
    const at = services.clock.now()
    const done = await services.store.transact(async ({ tickets }) => {
      for (const { ticket, nextDueAt } of await tickets.openDues()) {
        const due = nextDue(assess(ticket, services.rules, at))
        if (due !== nextDueAt) await tickets.setDue(ticket.id, due)
      }
      return true
    })
    if (isRefusal(done)) throw new Error(done.detail)
    await fillFacts(services)
    isReckoned = true
  }

  async function sweepTogether(ids: readonly string[], at: Instant): Promise<void> {
    const done = await decideTogether(services, async (transaction) => {
      const histories = await transaction.repositories.tickets.loadAll(ids)
      // Of one whose rows cannot be read nothing is known to be due: it must not stay so before all others.
      for (const id of ids.filter((each) => histories.every(({ ticket }) => ticket.id !== each)))
        await transaction.repositories.tickets.setDue(id, undefined)
      for (const { ticket, events } of histories) {
        written(await appendEvents(transaction, { id: ticket.id, before: events, added: [] }, at))
      }
      return true
    })
    if (isRefusal(done)) throw new Error(done.detail)
  }

  /** A ticket that cannot be swept must not keep the clocks of the others from being written. */
  async function sweepEach(ids: readonly string[], at: Instant): Promise<ReadonlyMap<string, unknown>> {
    const failed = new Map<string, unknown>()
    for (const id of ids) {
      await sweepTogether([id], at).catch((error: unknown) => failed.set(id, error))
    }
    return failed
  }

  return {
    name: 'deadlines',
    async nextDue() {
      if (!isReckoned) await reckonAll()
      return services.store.read.tickets.firstDue()
    },
    async run(at) {
      const failed = new Map<string, unknown>()
      for (;;) {
        const due = await services.store.read.tickets.due(at, AT_ONCE + failed.size)
        const ids = due.filter((id) => !failed.has(id))
        if (ids.length === 0) break
        try {
          await sweepTogether(ids, at)
        } catch {
          for (const [id, error] of await sweepEach(ids, at)) failed.set(id, error)
        }
      }
      if (failed.size === 0) return
      throw new AggregateError([...failed.values()], `cannot sweep tickets ${[...failed.keys()].join(', ')}`)
    },
  }
}
