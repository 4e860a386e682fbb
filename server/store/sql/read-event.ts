import { withoutNumbers } from '../../domain/hotline/external-news.ts'
import type { TicketEvent } from '../../domain/ticket/event.ts'

/** An event as it was written; the hash chain holds its bytes, so what they say changes only here, on reading. */
export function readEvent(json: string): TicketEvent {
  const event = JSON.parse(json) as TicketEvent
  return event.type === 'note'
    ? { ...event, data: { ...event.data, text: withoutNumbers(event.data.text) } }
    : event
}
