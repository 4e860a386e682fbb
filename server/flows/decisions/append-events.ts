import { isRefusal, refuse, type Refusal } from '#contract/problem.ts'
import type { Instant } from '../../domain/instant.ts'
import { assess } from '../../domain/ticket/assessment.ts'
import type { TicketEvent } from '../../domain/ticket/event.ts'
import { foldTicket } from '../../domain/ticket/evolve.ts'
import { nextDue, sweep } from '../../domain/ticket/sweep.ts'
import type { AssessedTicket, Services, Transaction } from './decisions.ts'
import { keepFact } from './show-figures.ts'
import { planOutbox } from './plan-notifications.ts'

/**
 * Writes events behind a ticket's history, and with them whatever time has made due by `at`. The version
 * decides races: who comes second is refused.
 */
export async function appendEvents(
  transaction: Transaction,
  to: {
    readonly id: string
    readonly before: readonly TicketEvent[]
    readonly added: readonly TicketEvent[]
  },
  at: Instant,
): Promise<AssessedTicket | Refusal> {
  const { services, repositories, changes } = transaction
  const after = swept(services, to.id, [...to.before, ...to.added], at)
  const { ticket, events, assessment } = after
  const saved = await repositories.tickets.append(to.before.length, { ticket, events }, nextDue(assessment))
  if (!saved)
    return refuse('stale-version', {
      zh: '工单刚刚被他人更新,请刷新后再操作',
      en: 'somebody else has just changed the ticket; look again first',
    })
  await repositories.attachments.markUsed(to.added.flatMap(({ data }) => attachmentsIn(data)))
  await planOutbox(transaction, assessment, events.slice(to.before.length))
  await keepFact(transaction, assessment)
  changes.tickets.set(ticket.id, after)
  changes.shown.delete(ticket.id)
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

/** The ticket after these events and after whatever time has made due; its clocks go on from hand to hand. */
function swept(
  { rules, newId }: Services,
  id: string,
  said: readonly TicketEvent[],
  at: Instant,
): AssessedTicket {
  const first = assess(foldTicket(id, said), rules, at)
  const due = sweep(first, newId)
  if (due.length === 0) return { ticket: first.ticket, events: said, assessment: first }
  const events = [...said, ...due]
  const ticket = foldTicket(id, events)
  return { ticket, events, assessment: assess(ticket, rules, at) }
}

/** Inside a transaction nobody else writes: a version that is taken there is a broken assumption. */
export function written(result: AssessedTicket | Refusal): AssessedTicket {
  if (isRefusal(result)) throw new Error(`a ticket changed inside its own transaction: ${result.detail}`)
  return result
}
