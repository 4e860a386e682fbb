import type { TicketEvent } from '../../domain/ticket/event.ts'
import type { Ticket } from '../../domain/ticket/ticket.ts'
import type { TicketHistory } from '../../flows/decisions/decisions.ts'
import { among, type Database } from './database.ts'
import { readRow, readRows, rememberMissing } from './stored-rows.ts'
import { EVENTS, TICKETS } from './stored-shapes.ts'
import type { ReadTicket, TicketCache } from './ticket-cache.ts'

/** Which ticket, and how far it has come. */
export interface TicketRow {
  readonly id: string
  readonly version: number
}

/**
 * Tickets in the order of their rows, from the cache where the version is the same, else from disk. Those that
 * cannot be read are left out.
 */
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
    const own = events.get(ticket.id)
    if (!events.has(ticket.id)) rememberMissing(db, `events of ticket ${ticket.id}`)
    if (own === undefined) continue
    // An event may have been added between the two queries.
    const read = { ticket, events: own.slice(0, ticket.version) }
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
  const rows = await db.selectFrom('ticket').select(['id', 'json']).where('id', 'in', among(ids)).execute()
  return readRows(db, TICKETS, rows)
}

/** Of each ticket all of its events; undefined where one of them cannot be read, for a part of a history tells nothing. */
async function readEvents(
  db: Database,
  ids: readonly string[],
): Promise<Map<string, TicketEvent[] | undefined>> {
  const byTicket = new Map<string, TicketEvent[] | undefined>()
  if (ids.length === 0) return byTicket
  const rows = await db
    .selectFrom('ticket_event')
    .select(['ticket_id', 'id', 'json'])
    .where('ticket_id', 'in', among(ids))
    .orderBy('ticket_id')
    .orderBy('version')
    .execute()
  for (const { ticket_id: of, ...row } of rows) {
    const event = readRow(db, EVENTS, row)
    const known = byTicket.has(of) ? byTicket.get(of) : []
    if (event !== undefined) known?.push(event)
    byTicket.set(of, event === undefined ? undefined : known)
  }
  return byTicket
}
