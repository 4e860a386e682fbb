import type { LiveAlarm } from '#contract/live.ts'
import type { TicketView } from '#contract/ticket.ts'
import type { Language } from '../i18n/dictionary.ts'
import type { Dictionary } from '../i18n/texts.ts'
import { placeName, type Names } from './place-name.ts'

export interface EventLine {
  readonly id: string
  readonly at: number
  readonly text: string
  readonly ticketId: string | undefined
}

const MOST = 6

/** The newest things that happened, of all tickets and of the system itself. */
export function eventLines(
  tickets: Iterable<TicketView>,
  alarms: readonly LiveAlarm[],
  { names, text, language }: { names: Names; text: Pick<Dictionary, 'words'>; language: Language },
): readonly EventLine[] {
  const lines: EventLine[] = []
  for (const ticket of tickets) {
    // A ticket's own newest are enough: six lines in all are shown.
    for (const event of ticket.events.slice(-MOST)) {
      const by = event.actor.kind === 'person' ? ` ${event.actor.name}` : ''
      const what = `${text.words.shortKinds[ticket.kind]} ${placeName(ticket, names)}`
      lines.push({
        id: `${ticket.id} ${event.id}`,
        at: Date.parse(event.enteredAt),
        text: `${what} · ${text.words.events[event.type]}${by}`,
        ticketId: ticket.id,
      })
    }
  }
  for (const alarm of alarms) {
    if (alarm.ticketId !== undefined) continue // Its ticket's `opened` says the same.
    lines.push({ id: alarm.id, at: Date.parse(alarm.at), text: alarm.text[language], ticketId: undefined })
  }
  return lines.sort((a, b) => b.at - a.at).slice(0, MOST)
}
