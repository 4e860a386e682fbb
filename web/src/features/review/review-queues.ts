import type { Offer } from '#contract/offer.ts'
import type { TicketView } from '#contract/ticket.ts'

export interface QueueItem {
  readonly key: string
  readonly ticket: TicketView
  readonly offer: Offer
}
interface Queues {
  readonly submitted: readonly QueueItem[]
  readonly extensions: readonly QueueItem[]
  readonly callback: readonly QueueItem[]
}

/** What the desks are offered to judge: replies, extensions, what the callers say. */
export function reviewQueues(tickets: Iterable<TicketView>): Queues {
  const items = [...tickets].flatMap((ticket) =>
    (ticket.offers ?? []).map((offer) => ({ key: `${ticket.id} ${offer.command}`, ticket, offer })),
  )
  return {
    submitted: items.filter(({ offer }) => offer.command === 'review'),
    extensions: items.filter(
      ({ offer: { command } }) => command === 'answer_extension' || command === 'confirm_extension',
    ),
    callback: items.filter(({ offer }) => offer.command === 'callback'),
  }
}
