import type { Transaction } from './decisions.ts'
import { planNotifications } from '../../domain/notification/plan.ts'
import { planWebhooks } from '../../domain/notification/webhook-event.ts'
import type { Assessment } from '../../domain/ticket/assessment.ts'
import type { TicketEvent } from '../../domain/ticket/event.ts'

/** Writes what these events have to tell into the outbox, in the transaction that writes the events. */
export async function planOutbox(
  { services, repositories }: Transaction,
  after: Assessment,
  events: readonly TicketEvent[],
): Promise<void> {
  const { subscribers = [] } = services
  const news = events.filter((event) => !wasTold(event))
  const outgoing = news.flatMap((event) => [
    ...planNotifications(after, event),
    ...planWebhooks(after, event, subscribers),
  ])
  await repositories.outbox.add(outgoing, services.clock.now())
}

/** What came with a merged ticket was told under its number, but that the unit goes out under another one. */
function wasTold({ type, data }: TicketEvent): boolean {
  return data.takenFrom !== undefined && type !== 'auto_dispatched'
}
