import type { TicketView } from '#contract/ticket.ts'
import type { Dictionary } from '../../base/i18n/texts.ts'
import { eventName, spokenWords } from '../../model/event-words.ts'
import { paperTime } from './paper-time.ts'

type Words = Pick<Dictionary, 'words' | 'voucher' | 'incident'>

/** A table program takes what begins so for a formula, a Chinese one full-width signs too. */
const FORMULA = /^[\s\ufeff]*[=+\-@＝＋－＠]|^[\t\r\n]/

function cell(value: string): string {
  return `"${(FORMULA.test(value) ? `'${value}` : value).replaceAll('"', '""')}"`
}

/** All events of a ticket as a table that Excel opens: UTF-8 with its mark, no formulas. */
export function eventsCsv(ticket: TicketView, text: Words): string {
  const { occurred, entered, what, who, words } = text.voucher
  const rows = ticket.events.map((event) => [
    paperTime(event.occurredAt),
    paperTime(event.enteredAt),
    eventName(event, text),
    event.actor.kind === 'person' ? event.actor.name : text.incident.system,
    spokenWords(event),
  ])
  const lines = [[occurred, entered, what, who, words], ...rows].map((row) => row.map(cell).join(','))
  return `\uFEFF${lines.join('\r\n')}\r\n`
}

export function eventsCsvUrl(ticket: TicketView, text: Words): string {
  return `data:text/csv;charset=utf-8,${encodeURIComponent(eventsCsv(ticket, text))}`
}
