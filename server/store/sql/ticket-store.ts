import { sql } from 'kysely'
import { nextLink } from '../../domain/access/chain.ts'
import type { TicketEvent } from '../../domain/ticket/event.ts'
import type { Ticket } from '../../domain/ticket/ticket.ts'
import type { TicketFilter, Repositories } from '../../flows/decisions/decisions.ts'
import { eventRecord } from './audit-record.ts'
import { headOf } from './audit-store.ts'
import { isUniqueViolation } from './unique-violation.ts'
import { DamagedRow } from '../../flows/ports.ts'
import { among, type Database } from './database.ts'
import { damagedRows } from './stored-rows.ts'
import { after, pageOf } from './page.ts'
import type { TicketCache } from './ticket-cache.ts'
import { historiesOf, ticketsOf } from './read-tickets.ts'

/** The same words as in the index of open tickets (0015-open-tickets.ts): SQLite uses it for no others. */
export const NOT_DONE = sql<boolean>`state not in ('archived', 'merged')`

/** Tickets are event-sourced; the row beside the events holds their current state for lists and the sweep. */
export function createTicketStore(db: Database, memory: TicketCache): Repositories['tickets'] {
  const rows = () => db.selectFrom('ticket').select(['id', 'version'])
  return {
    async load(id) {
      const found = await rows().where('id', '=', id).execute()
      const [history] = await historiesOf(db, memory, found)
      if (history === undefined && found.length > 0)
        throw new DamagedRow(`ticket ${id}`, damagedRows(db).at(-1) ?? '')
      return history
    },
    async loadAll(ids) {
      if (ids.length === 0) return []
      const found = new Map(
        (await rows().where('id', 'in', among(ids)).execute()).map((row) => [row.id, row]),
      )
      return historiesOf(
        db,
        memory,
        ids.flatMap((id) => found.get(id) ?? []),
      )
    },
    async list(filter) {
      const found = await selectPage(db, filter)
      const { shown, next } = pageOf(found, filter.limit, (row) => row.opened_at)
      return { items: await historiesOf(db, memory, shown), ...next }
    },
    async ofIncident(incidentId) {
      const found = rows().where('incident_id', '=', incidentId).orderBy('opened_at').orderBy('id')
      return historiesOf(db, memory, await found.execute())
    },
    async foldsOf(incidentIds) {
      if (incidentIds.length === 0) return []
      const found = rows().where('incident_id', 'in', among(incidentIds)).orderBy('opened_at').orderBy('id')
      return ticketsOf(db, memory, await found.execute())
    },
    async due(at, limit) {
      const rows = await db
        .selectFrom('ticket')
        .select('id')
        .where('next_due_at', '<=', at)
        .orderBy('next_due_at')
        .limit(limit)
        .execute()
      return rows.map(({ id }) => id)
    },
    async firstDue() {
      const row = await db
        .selectFrom('ticket')
        .select((expression) => expression.fn.min('next_due_at').as('first'))
        .executeTakeFirst()
      return row?.first ?? undefined
    },
    async openIds() {
      return (await rows().where(NOT_DONE).execute()).map(({ id }) => id)
    },
    async openDues() {
      const found = await rows().select('next_due_at').where(NOT_DONE).execute()
      const dues = new Map(found.map(({ id, next_due_at: due }) => [id, due ?? undefined]))
      const tickets = await ticketsOf(db, memory, found)
      return tickets.map((ticket) => ({ ticket, nextDueAt: dues.get(ticket.id) }))
    },
    async append(known, { ticket, events }, nextDueAt) {
      const row = { ...rowOf(ticket, nextDueAt), ...spanOf(events) }
      if (known === 0) await db.insertInto('ticket').values(row).execute()
      try {
        let link = await headOf(db, 'ticket_event')
        for (const [index, event] of events.slice(known).entries()) {
          const added = eventRow(ticket.id, known + index + 1, event)
          link = nextLink(link, eventRecord(added))
          await db
            .insertInto('ticket_event')
            .values({ ...added, link })
            .execute()
        }
      } catch (error) {
        if (isUniqueViolation(error)) return false
        throw error
      }
      if (known > 0) await db.updateTable('ticket').set(row).where('id', '=', ticket.id).execute()
      return true
    },
    async setDue(id, nextDueAt) {
      await db
        .updateTable('ticket')
        .set({ next_due_at: nextDueAt ?? null })
        .where('id', '=', id)
        .execute()
    },
    async nextNumber(day) {
      const row = await db
        .insertInto('ticket_number')
        .values({ day, last: 1 })
        .onConflict((conflict) =>
          conflict.column('day').doUpdateSet((e) => ({ last: e('ticket_number.last', '+', 1) })),
        )
        .returning('last')
        .executeTakeFirstOrThrow()
      return row.last
    },
  }
}

/** Newest first; one row more than requested shows whether there is a next page. */
async function selectPage(db: Database, filter: TicketFilter) {
  let query = db
    .selectFrom('ticket')
    .select(['id', 'opened_at', 'version'])
    .where(after('opened_at', filter.cursor))
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(filter.limit + 1)
  if (filter.state === 'open') query = query.where(NOT_DONE)
  else if (filter.state !== undefined) query = query.where('state', '=', filter.state)
  if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind)
  if (filter.level !== undefined) query = query.where('level', '=', filter.level)
  if (filter.department !== undefined) query = query.where('department_id', '=', filter.department)
  const words = filter.q?.trim().toLowerCase() ?? ''
  if (words !== '') query = query.where(sql<boolean>`instr(search, ${words}) > 0`)
  return query.execute()
}

function rowOf(ticket: Ticket, nextDueAt: number | undefined) {
  const { id, number, version, kind, level, state, assetId, address, incidentId } = ticket
  return {
    id,
    number,
    version,
    kind,
    level,
    state,
    department_id: ticket.department.id,
    incident_id: incidentId ?? null,
    asset_id: assetId ?? null,
    opened_at: ticket.openedAt,
    next_due_at: nextDueAt ?? null,
    search: [number, assetId, address, ticket.department.name].join(' ').toLowerCase(),
    json: JSON.stringify(ticket),
  }
}

function spanOf(events: readonly TicketEvent[]) {
  const entered = events.map(({ enteredAt }) => enteredAt)
  return { entered_at: Math.min(...entered), changed_at: Math.max(...entered) }
}

function eventRow(ticketId: string, version: number, event: TicketEvent) {
  return {
    ticket_id: ticketId,
    version,
    id: event.id,
    type: event.type,
    occurred_at: event.occurredAt,
    entered_at: event.enteredAt,
    json: JSON.stringify(event),
  }
}
