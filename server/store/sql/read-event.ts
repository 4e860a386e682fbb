import { withNames } from '#contract/former-names.ts'
import { withoutNumbers } from '../../domain/hotline/external-news.ts'
import type { TicketEvent } from '../../domain/ticket/event.ts'
import { fromJson } from './database.ts'

const FORMER_NAME = /"[CD]\d/

/** An event as it was written; the hash chain holds its bytes, so what they say changes only here, on reading. */
export function readEvent(json: string): TicketEvent {
  const written = fromJson(json)
  const event = (FORMER_NAME.test(json) ? withNames(written).value : written) as TicketEvent
  return event.type === 'note'
    ? { ...event, data: { ...event.data, text: withoutNumbers(event.data.text) } }
    : event
}
