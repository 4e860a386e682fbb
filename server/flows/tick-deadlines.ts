import { isRefusal } from '#contract/problem.ts'
import type { Instant } from '../domain/instant.ts'
import { nextDue } from '../domain/ticket/sweep.ts'
import { appendEvents, written } from './append-events.ts'
import { decideTogether } from './decide-together.ts'
import type { Desk } from './decisions.ts'
import type { Timed } from './ports.ts'
import { fillFacts } from './show-figures.ts'

const AT_ONCE = 100

/**
 * Writes deemed acceptances, warnings and breaches at their instants. When they are due is computed from
 * the history and indexed in SQL; nothing is kept in memory, so a restart neither forgets nor repeats.
 */
export function createDeadlines(desk: Desk): Timed {
  let isReckoned = false

  /** Another policy or calendar may have come with the restart: every open ticket is reckoned anew. */
  async function reckonAll(): Promise<void> {
    const at = desk.clock.now()
    const done = await desk.store.transact(async (unit) => {
      for (const id of await unit.tickets.openIds()) {
        const history = await unit.tickets.load(id)
        if (history !== undefined) await unit.tickets.setDue(id, nextDue(history.ticket, desk.rules, at))
      }
      return true
    })
    if (isRefusal(done)) throw new Error(done.detail)
    await fillFacts(desk)
    isReckoned = true
  }

  async function sweepTicket(id: string, at: Instant): Promise<void> {
    const done = await decideTogether(desk, async (work) => {
      const history = await work.unit.tickets.load(id)
      if (history === undefined) throw new Error(`ticket ${id} is due and not there`)
      written(await appendEvents(work, { id, before: history.events, added: [] }, at))
      return true
    })
    if (isRefusal(done)) throw new Error(done.detail)
  }

  return {
    name: 'deadlines',
    async nextDue() {
      if (!isReckoned) await reckonAll()
      return desk.store.read.tickets.firstDue()
    },
    async run(at) {
      for (;;) {
        const ids = await desk.store.read.tickets.due(at, AT_ONCE)
        if (ids.length === 0) return
        for (const id of ids) await sweepTicket(id, at)
      }
    },
  }
}
