import { planNotifications } from '../../domain/notification/plan.ts'
import { planWebhooks } from '../../domain/notification/webhook-event.ts'
import type { TicketEvent } from '../../domain/ticket/event.ts'
import type { Ticket } from '../../domain/ticket/ticket.ts'
import type { Work } from '../append-events.ts'

/** Writes what these events have to tell into the outbox, in the transaction that writes the events. */
export async function planOutbox(
  { desk, unit }: Work,
  ticket: Ticket,
  events: readonly TicketEvent[],
): Promise<void> {
  const { rules, subscribers = [] } = desk
  const news = events.filter((event) => !wasTold(event))
  const outgoing = news.flatMap((event) => [
    ...planNotifications(ticket, event, rules),
    ...planWebhooks(ticket, event, { rules, subscribers }),
  ])
  await unit.outbox.add(outgoing, desk.clock.now())
}

/** What came with a merged ticket was told under its number, but that the unit goes out under another one. */
function wasTold({ type, data }: TicketEvent): boolean {
  return data.takenFrom !== undefined && type !== 'auto_dispatched'
}
