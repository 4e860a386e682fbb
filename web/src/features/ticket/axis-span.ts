import type { ClockView, TicketView } from '#contract/ticket.ts'
import type { IncidentView } from '#contract/incident.ts'
import type { AxisSpan } from './time-axis.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
/** Clocks of minutes end before this; what comes later is told in hours. */
const SHORT_MINUTES = 30
const MAX_FINE = 3 * HOUR
/** Limits of days would press the hours together: their bars run out of the drawing instead. */
const FAR = 3 * 24 * HOUR

/** What of a ticket's life the axis must hold, as of `now`. */
export function axisSpan(ticket: TicketView, incident: IncidentView | undefined, now: number): AxisSpan {
  const opened = Date.parse(ticket.openedAt)
  const earliest = Math.min(
    opened,
    ...(incident === undefined ? [] : [Date.parse(incident.eventAt)]),
    ...ticket.calls.map((call) => Date.parse(call.receivedAt)),
  )
  const begins = Math.max(earliest, opened - HOUR)
  const short = ticket.clocks.filter((clock) => (clock.limitMinutes ?? Infinity) <= SHORT_MINUTES)
  const arrives = Math.min(Math.max(opened + 40 * MINUTE, ...short.flatMap(endsOf)), begins + MAX_FINE)
  const happened = ticket.events.map((event) => Date.parse(event.occurredAt))
  const open = ticket.clocks.some((clock) => clock.state === 'running')
  const all = [...ticket.clocks.flatMap(endsOf), ...happened, ...(open ? [now] : [])]
  const ends = Math.max(arrives, ...all.filter((at) => at - opened < FAR), ...happened)
  return { begins, arrives, ends }
}

function endsOf(clock: ClockView): number[] {
  if (clock.state === 'cancelled') return []
  return [clock.dueAt, clock.extendedDueAt, clock.stoppedAt].flatMap((text) =>
    text === undefined ? [] : [Date.parse(text)],
  )
}
