import type { TicketEvent } from '../../domain/ticket/event.ts'
import type { Ticket } from '../../domain/ticket/ticket.ts'
import type { TicketHistory } from '../../flows/decisions/decisions.ts'
import { among, fromJson, type Database } from './database.ts'
import { readEvent } from './read-event.ts'
import type { ReadTicket, TicketCache } from './ticket-cache.ts'

/** Which ticket, and how far it has come. */
export interface TicketRow {
  readonly id: string
  readonly version: number
}

/** Tickets in the order of their rows, from the cache where the version is the same, else from disk. */
export async function ticketsOf(
  db: Database,
  memory: TicketCache,
  rows: readonly TicketRow[],
): Promise<readonly Ticket[]> {
  const { recalled, missing } = recallAll(memory, rows, () => true)
  for (const ticket of await readTickets(db, missing)) {
    const read = { ticket }
    memory.keep(read)
    recalled.set(ticket.id, read)
  }
  return rows.flatMap(({ id }) => recalled.get(id)?.ticket ?? [])
}

/** The same with their histories. */
export async function historiesOf(
  db: Database,
  memory: TicketCache,
  rows: readonly TicketRow[],
): Promise<readonly TicketHistory[]> {
  const { recalled, missing } = recallAll(memory, rows, ({ events }) => events !== undefined)
  const tickets = await readTickets(db, missing)
  const events = await readEvents(db, missing)
  for (const ticket of tickets) {
    // An event may have been added between the two queries.
    const read = { ticket, events: (events.get(ticket.id) ?? []).slice(0, ticket.version) }
    memory.keep(read)
    recalled.set(ticket.id, read)
  }
  return rows.flatMap(({ id }) => {
    const { ticket, events: own = [] } = recalled.get(id) ?? {}
    return ticket === undefined ? [] : [{ ticket, events: own }]
  })
}

function recallAll(
  memory: TicketCache,
  rows: readonly TicketRow[],
  isEnough: (read: ReadTicket) => boolean,
): { readonly recalled: Map<string, ReadTicket>; readonly missing: readonly string[] } {
  const recalled = new Map<string, ReadTicket>()
  const missing: string[] = []
  for (const { id, version } of rows) {
    const found = memory.recall(id, version)
    if (found === undefined || !isEnough(found)) missing.push(id)
    else recalled.set(id, found)
  }
  return { recalled, missing }
}

async function readTickets(db: Database, ids: readonly string[]): Promise<readonly Ticket[]> {
  if (ids.length === 0) return []
  const rows = await db.selectFrom('ticket').select('json').where('id', 'in', among(ids)).execute()
  return rows.map(({ json }) => fromJson(json) as Ticket)
}

async function readEvents(db: Database, ids: readonly string[]): Promise<Map<string, TicketEvent[]>> {
  const byTicket = new Map<string, TicketEvent[]>()
  if (ids.length === 0) return byTicket
  const rows = await db
    .selectFrom('ticket_event')
    .select(['ticket_id', 'json'])
    .where('ticket_id', 'in', among(ids))
    .orderBy('ticket_id')
    .orderBy('version')
    .execute()
  for (const { ticket_id: id, json } of rows) {
    const events = byTicket.get(id) ?? []
    if (events.push(readEvent(json)) === 1) byTicket.set(id, events)
  }
  return byTicket
}
