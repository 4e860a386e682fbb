import type { IncidentView } from '#contract/incident.ts'
import type { TicketView } from '#contract/ticket.ts'
import { isUrgent, rankOf, type TicketState } from '#contract/vocabulary.ts'
import { nextClock, type NextClock } from './next-clock.ts'

/** How an event came to be known: shown by shape, a joined one shows both. */
export type Origin = 'sensor' | 'call' | 'joined'

export interface DueRow {
  readonly ticket: TicketView
  readonly incident: IncidentView | undefined
  readonly next: NextClock | undefined
  readonly origin: Origin
  readonly unacknowledged: boolean
  /** The work is reported done, and yet the sensor says that it is not. */
  readonly standing: boolean
}

export interface DueList {
  /** Nobody has said that he has seen it: newest on top. */
  readonly unacknowledged: readonly DueRow[]
  /** Work to do, and what still stands after it: the order of every screen. */
  readonly due: readonly DueRow[]
  /** Work is done; a review or a call-back is owed. */
  readonly closing: readonly DueRow[]
  readonly shelved: readonly DueRow[]
}

const ENDED: readonly TicketState[] = ['archived', 'merged', 'answered_directly']
const CLOSING: readonly TicketState[] = ['submitted', 'callback_due']

export function isOpenTicket(ticket: TicketView): boolean {
  return !ENDED.includes(ticket.state)
}

/** An alarm asks for a response until a person has acknowledged the incident. */
export function isUnacknowledged(incident: IncidentView | undefined): boolean {
  if (incident === undefined || incident.acknowledgedAt !== undefined) return false
  return incident.state === 'suspected' || incident.state === 'confirmed'
}

export function originOf(ticket: TicketView, incident: IncidentView | undefined): Origin {
  const calls = ticket.calls.length > 0 || (incident?.calls.length ?? 0) > 0
  const finding = incident?.members.some((member) => member.type === 'finding') ?? false
  const sensor = ticket.source === 'sensor' || finding
  return sensor && calls ? 'joined' : sensor ? 'sensor' : 'call'
}

/**
 * An alarm condition that is active though a crew has reported its work done: neither normal nor forgotten
 * (ISA-18.2) until the sensor clears or the review is over.
 */
export function isStanding(ticket: TicketView, incident: IncidentView | undefined): boolean {
  if (ticket.state !== 'submitted' || incident === undefined) return false
  if (incident.state !== 'suspected' && incident.state !== 'confirmed') return false
  return incident.members.some(({ type, clearedAt }) => type === 'finding' && clearedAt === undefined)
}

/** Sorts open tickets into the sections of the list. */
export function dueList(
  tickets: Iterable<TicketView>,
  incidents: ReadonlyMap<string, IncidentView>,
  now: number,
): DueList {
  const list = {
    unacknowledged: [] as DueRow[],
    due: [] as DueRow[],
    closing: [] as DueRow[],
    shelved: [] as DueRow[],
  }
  for (const ticket of tickets) {
    if (!isOpenTicket(ticket)) continue
    const row = rowOf(ticket, incidents)
    if (row.incident?.shelvedUntil !== undefined && Date.parse(row.incident.shelvedUntil) > now) {
      list.shelved.push(row)
    } else if (CLOSING.includes(ticket.state) && !row.standing) list.closing.push(row)
    else if (row.unacknowledged) list.unacknowledged.push(row)
    else list.due.push(row)
  }
  list.unacknowledged.sort(byLevelThenNewest)
  for (const rows of [list.due, list.closing, list.shelved]) rows.sort((a, b) => byUrgency(a, b, now))
  return list
}

/** One row for one state of a ticket and its incident: what did not change is not drawn anew. */
export function rowOf(ticket: TicketView, incidents: ReadonlyMap<string, IncidentView>): DueRow {
  const incident = ticket.incidentId === undefined ? undefined : incidents.get(ticket.incidentId)
  const known = rows.get(ticket)
  if (known !== undefined && known.incident === incident) return known
  const row = {
    ticket,
    incident,
    next: nextClock(ticket),
    origin: originOf(ticket, incident),
    unacknowledged: isUnacknowledged(incident),
    standing: isStanding(ticket, incident),
  }
  rows.set(ticket, row)
  return row
}

const rows = new WeakMap<TicketView, DueRow>()

/**
 * The one order of desk, wall and phone: overdue emergencies by level, then what ran out first; the other
 * emergencies by time left; then what is overdue of the lower levels, so that no question about a bill stands
 * above an open manhole; the rest by time left.
 */
function byUrgency(a: DueRow, b: DueRow, now: number): number {
  const [first, second] = [bandOf(a, now), bandOf(b, now)]
  if (first !== second) return first - second
  const level = rankOf(a.ticket.level) - rankOf(b.ticket.level)
  const left = (a.next?.dueMs ?? Infinity) - (b.next?.dueMs ?? Infinity)
  const sooner = Number.isNaN(left) ? 0 : left
  const order = first === 0 ? level || sooner : sooner || level
  return order || a.ticket.number.localeCompare(b.ticket.number)
}

function bandOf({ ticket, next }: DueRow, now: number): 0 | 1 | 2 | 3 {
  const over = next !== undefined && next.dueMs < now
  return isUrgent(ticket.level) ? (over ? 0 : 1) : over ? 2 : 3
}

function byLevelThenNewest(a: DueRow, b: DueRow): number {
  const level = rankOf(a.ticket.level) - rankOf(b.ticket.level)
  return level !== 0 ? level : Date.parse(b.ticket.openedAt) - Date.parse(a.ticket.openedAt)
}
