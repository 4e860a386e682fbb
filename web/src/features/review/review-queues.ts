import type { TicketView } from '#contract/ticket.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import type { Role } from '#contract/vocabulary.ts'

interface QueueItem {
  readonly key: string
  readonly ticket: TicketView
  readonly command: CommandName
}
export interface Queues {
  readonly submitted: readonly QueueItem[]
  readonly extensions: readonly QueueItem[]
  readonly callback: readonly QueueItem[]
}

/** What waits for these roles: reviews and answers for dispatch, confirmations for service, call-backs for both. */
export function reviewQueues(tickets: Iterable<TicketView>, roles: readonly Role[]): Queues {
  const queues = { submitted: [] as QueueItem[], extensions: [] as QueueItem[], callback: [] as QueueItem[] }
  const [dispatcher, service] = [roles.includes('dispatcher'), roles.includes('service')]
  for (const ticket of tickets) {
    if (ticket.state === 'submitted' && roles.includes(ticket.review?.role ?? 'dispatcher')) {
      queues.submitted.push({ key: ticket.id, ticket, command: 'review' })
    }
    if ((dispatcher || service) && ticket.state === 'callback_due') {
      queues.callback.push({ key: ticket.id, ticket, command: 'callback' })
    }
    for (const { id, answeredAt, approved, effectiveAt } of ticket.extensions) {
      if (effectiveAt !== undefined || approved === false) continue
      const command = answeredAt === undefined ? 'answer_extension' : 'confirm_extension'
      if (command === 'answer_extension' ? dispatcher : service) {
        queues.extensions.push({ key: `${ticket.id} ${id}`, ticket, command })
      }
    }
  }
  return queues
}
