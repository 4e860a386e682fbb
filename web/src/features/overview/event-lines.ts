import { said } from '../../base/i18n/punctuation.ts'
import type { IncidentView } from '#contract/incident.ts'
import type { LiveAlarm } from '#contract/live.ts'
import type { TicketView } from '#contract/ticket.ts'
import type { Language } from '../../base/i18n/dictionary.ts'
import type { Dictionary } from '../../base/i18n/texts.ts'
import { eventName } from '../../model/event-words.ts'
import { placeName, type Names } from '../../model/place-name.ts'

export interface EventLine {
  readonly id: string
  readonly at: number
  readonly text: string
  readonly ticketId: string | undefined
}

export interface Telling {
  readonly incidents: ReadonlyMap<string, IncidentView>
  readonly names: Names
  readonly text: Pick<Dictionary, 'words'>
  readonly language: Language
}

const MOST = 6

/** The newest things that happened, of all tickets and of the system itself. */
export function eventLines(
  tickets: Iterable<TicketView>,
  alarms: readonly LiveAlarm[],
  { incidents, names, text, language }: Telling,
): readonly EventLine[] {
  const lines: EventLine[] = []
  for (const ticket of tickets) {
    const incident = ticket.incidentId === undefined ? undefined : incidents.get(ticket.incidentId)
    const what = `${text.words.shortKinds[ticket.kind]} ${placeName(ticket, incident, names)}`
    // A ticket's own newest are enough: six lines in all are shown.
    for (const event of ticket.events.slice(-MOST)) {
      const by = event.actor.kind === 'person' ? ` ${event.actor.name}` : ''
      lines.push({
        id: `${ticket.id} ${event.id}`,
        at: Date.parse(event.enteredAt),
        text: `${what} · ${eventName(event, text)}${by}`,
        ticketId: ticket.id,
      })
    }
  }
  for (const alarm of alarms) {
    if (alarm.ticketId !== undefined) continue // Its ticket's `opened` says the same.
    lines.push({
      id: alarm.id,
      at: Date.parse(alarm.at),
      text: said(alarm.text, language),
      ticketId: undefined,
    })
  }
  return lines.sort((a, b) => b.at - a.at).slice(0, MOST)
}
