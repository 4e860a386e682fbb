import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Instant } from '../domain/instant.ts'
import type { TicketEvent } from '../domain/ticket/event.ts'
import { foldTicket } from '../domain/ticket/evolve.ts'
import { nextDue, sweep } from '../domain/ticket/sweep.ts'
import type { Changes, Desk, TicketHistory, Unit } from './decisions.ts'
import { keepFact } from './ticket/show-figures.ts'
import { planOutbox } from './notification/plan-notifications.ts'

/**
 * Writes events behind a ticket's history, and with them whatever time has made due by `at`. The version
 * decides races: who comes second is refused.
 */
export async function appendEvents(
  work: Work,
  to: {
    readonly id: string
    readonly before: readonly TicketEvent[]
    readonly added: readonly TicketEvent[]
  },
  at: Instant,
): Promise<TicketHistory | Refusal> {
  const { desk, unit, changes } = work
  const said = [...to.before, ...to.added]
  const due = sweep(foldTicket(to.id, said), desk.rules, at, desk.newId)
  const events = [...said, ...due]
  const ticket = foldTicket(to.id, events)
  const after = { ticket, events }
  const saved = await unit.tickets.append(to.before.length, after, nextDue(ticket, desk.rules, at))
  if (!saved)
    return refuse('stale-version', {
      zh: '工单刚刚被他人更新,请刷新后再操作',
      en: 'somebody else has just changed the ticket; look again first',
    })
  await unit.attachments.markUsed(to.added.flatMap(({ data }) => attachmentsIn(data)))
  await planOutbox(work, ticket, events.slice(to.before.length))
  await keepFact(work, ticket, at)
  changes.tickets.add(ticket.id)
  if (ticket.incidentId !== undefined) changes.incidents.add(ticket.incidentId)
  return after
}

/** The attachments that an event names, also within the fields that a correction puts right. */
function attachmentsIn(data: unknown): string[] {
  if (typeof data !== 'object' || data === null) return []
  return Object.entries(data).flatMap(([key, value]: [string, unknown]) =>
    (key === 'attachmentIds' || key === 'evidenceIds') && Array.isArray(value)
      ? value.filter((id) => typeof id === 'string')
      : attachmentsIn(value),
  )
}

/** One transaction on its way: where it reads and writes, and what it has touched. */
export interface Work {
  readonly desk: Desk
  readonly unit: Unit
  readonly changes: Changes
}

/** Inside a transaction nobody else writes: a version that is taken there is a broken assumption. */
export function written(result: TicketHistory | Refusal): TicketHistory {
  if (isRefusal(result)) throw new Error(`a ticket changed inside its own transaction: ${result.detail}`)
  return result
}
