import type { CommandShape } from '#contract/commands/command.ts'
import { TICKET_COMMANDS } from '#contract/commands/commands.ts'
import type { EventOf, TicketEvent } from './event.ts'

/** A history as it counts: corrections applied (G5), and without what a merge had brought and taken back. */
export function inForce(events: readonly TicketEvent[]): readonly TicketEvent[] {
  return withoutTakenBack(corrected(events))
}

/** Corrections are applied to the lines that they point at. */
function corrected(events: readonly TicketEvent[]): readonly TicketEvent[] {
  const corrections = new Map<string, EventOf<'correct'>[]>()
  for (const event of events) {
    if (event.type !== 'correct') continue
    corrections.set(event.data.eventId, [...(corrections.get(event.data.eventId) ?? []), event])
  }
  if (corrections.size === 0) return events
  return events.map((event) =>
    (corrections.get(event.id) ?? []).reduce<TicketEvent>((line, { data }) => {
      // The correcting command was checked against the schema of the line that it corrects.
      const fields = { ...line.data, ...data.fields }
      return { ...line, data: fields, occurredAt: data.correctedAt ?? line.occurredAt } as TicketEvent
    }, event),
  )
}

/** What had come over with a ticket goes with it when the two are taken apart. */
function withoutTakenBack(events: readonly TicketEvent[]): readonly TicketEvent[] {
  const ends = events.filter(isTakenApart)
  return ends.reduceRight<readonly TicketEvent[]>((left, end) => withoutOther(left, end), events)
}

function isTakenApart(event: TicketEvent): event is EventOf<'unmerged'> {
  return event.type === 'unmerged' && event.data.role === 'survivor'
}

/**
 * The dispatch stays where the unit has taken the ticket since; else it goes too, with the marks that time
 * had left on it. What else lies between, another merge perhaps, stays.
 */
function withoutOther(events: readonly TicketEvent[], last: EventOf<'unmerged'>): readonly TicketEvent[] {
  const end = events.indexOf(last)
  const other = last.data.otherTicketId
  const begin = events.findLastIndex(
    (event, index) => index < end && event.type === 'merged' && event.data.otherTicketId === other,
  )
  if (begin < 0) return events
  const came = events.slice(begin, end)
  const isTheirs = ({ data }: TicketEvent): boolean => data.takenFrom === other
  const sent = came.find((event) => isTheirs(event) && isDispatch(event))
  const isTaken = came.some((event) => !isTheirs(event) && isOfUnit(event))
  const goes = (event: TicketEvent): boolean => {
    if (isTheirs(event)) return event !== sent || !isTaken
    return sent !== undefined && !isTaken && isMarkOfDispatch(event)
  }
  const left = came
    .filter((event) => !goes(event))
    .map((event) => (event.type === 'merged' ? cooled(event) : event))
  return [...events.slice(0, begin), ...left, ...events.slice(end)]
}

const isDispatch = ({ type }: TicketEvent): boolean => type === 'auto_dispatched' || type === 'dispatch'

/** Said about the work by the unit of the survivor itself. */
function isOfUnit({ type, actor }: TicketEvent): boolean {
  if (actor.kind !== 'person' || type === 'correct') return false
  const shapes: Readonly<Record<string, CommandShape | undefined>> = TICKET_COMMANDS
  return shapes[type] !== undefined && shapes[type].by !== 'desk'
}

function isMarkOfDispatch(event: TicketEvent): boolean {
  if (event.type === 'deemed_accepted') return true
  return (event.type === 'warned' || event.type === 'breached') && event.data.run.includes('.')
}

function cooled(event: EventOf<'merged'>): TicketEvent {
  return { ...event, data: { ...event.data, hot: false } }
}
