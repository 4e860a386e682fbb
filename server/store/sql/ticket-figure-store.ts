import { sql } from 'kysely'
import type { Level, TicketKind } from '#contract/vocabulary.ts'
import { MEASURED_SPANS, measuredOf, type MeasuredSpan } from '../../domain/kpi/measured.ts'
import type { Repositories } from '../../flows/decisions/decisions.ts'
import { among, type Database } from './database.ts'
import { weeks } from './weeks.ts'
import { readRow, readRows } from './stored-rows.ts'
import { FACTS, NOTICES, TICKETS } from './stored-shapes.ts'
import { NOT_DONE } from './ticket-store.ts'

/**
 * Facts of finished tickets, so that the figures of a year need no event history. Many tickets have the same
 * facts, so each distinct set is stored once and counted.
 */
export function createFigureStore(db: Database): Repositories['figures'] {
  return {
    async keep(ticket, fact) {
      const json = JSON.stringify(fact)
      const { id: shape } = await db
        .insertInto('fact_shape')
        .values({ json })
        .onConflict((conflict) => conflict.column('json').doUpdateSet({ json }))
        .returning('id')
        .executeTakeFirstOrThrow()
      const measured = measuredOf(ticket)
      const spans = Object.fromEntries(MEASURED_SPANS.map((name) => [name, measured[name] ?? null]))
      const row = { opened_at: ticket.openedAt, shape_id: shape, ...spans }
      await db
        .insertInto('ticket_fact')
        .values({ ticket_id: ticket.id, ...row })
        .onConflict((conflict) => conflict.column('ticket_id').doUpdateSet(row))
        .execute()
    },
    async drop(ticketId) {
      await db.deleteFrom('ticket_fact').where('ticket_id', '=', ticketId).execute()
    },
    async facts(period) {
      const found = new Map<number, { times: number; measured: Record<MeasuredSpan, number[]> }>()
      for (const { from, to } of weeks(period)) {
        const rows = await db
          .selectFrom('ticket_fact')
          .select(['shape_id', ...MEASURED_SPANS])
          .where('opened_at', '>=', from)
          .where('opened_at', '<', to)
          .execute()
        for (const row of rows) {
          const of = found.get(row.shape_id) ?? nothingMeasured()
          found.set(row.shape_id, of)
          of.times += 1
          for (const name of MEASURED_SPANS) if (row[name] !== null) of.measured[name].push(row[name])
        }
      }
      const shapes = await db
        .selectFrom('fact_shape')
        .selectAll()
        .where('id', 'in', among([...found.keys()]))
        .execute()
      return shapes.flatMap(({ id, json }) => {
        const fact = readRow(db, FACTS, { id: String(id), json })
        return fact === undefined ? [] : [{ fact, ...(found.get(id) ?? nothingMeasured()) }]
      })
    },
    async open({ from, to }) {
      const rows = await db
        .selectFrom('ticket')
        .select(['id', 'json'])
        .where(NOT_DONE)
        .where('opened_at', '>=', from)
        .where('opened_at', '<', to)
        .execute()
      return readRows(db, TICKETS, rows)
    },
    async leads(period) {
      const found = []
      for (const { from, to } of weeks(period)) {
        const rows = await db
          .selectFrom('incident')
          .innerJoin('call', 'call.incident_id', 'incident.id')
          .innerJoin('ticket', 'ticket.id', 'call.ticket_id')
          .select(['incident.id', 'incident.first_finding_at', 'call.received_at'])
          .select(['ticket.department_id', 'ticket.kind', 'ticket.level'])
          .select(
            sql<
              string | null
            >`case when json_valid(ticket.json) then json_extract(ticket.json, '$.areaId') end`.as('area_id'),
          )
          .where('incident.first_finding_at', 'is not', null)
          .where('incident.opened_at', '>=', from)
          .where('incident.opened_at', '<', to)
          .orderBy('incident.id')
          .orderBy('call.received_at')
          .execute()
        const first = rows.filter(({ id }, index) => rows[index - 1]?.id !== id)
        for (const { first_finding_at: findingAt, received_at: callAt, ...row } of first) {
          if (findingAt === null) continue
          found.push({
            findingAt,
            callAt,
            departmentId: row.department_id,
            ...(row.area_id === null ? {} : { areaId: row.area_id }),
            // Both were written from values of these types.
            kind: row.kind as TicketKind,
            level: row.level as Level,
          })
        }
      }
      return found
    },
    async notices({ from, to }) {
      const rows = await db
        .selectFrom('notice')
        .select(['id', 'json'])
        .where('received_at', '>=', from)
        .where('received_at', '<', to)
        .execute()
      return readRows(db, NOTICES, rows)
    },
    async missing(limit) {
      const rows = await db
        .selectFrom('ticket')
        .leftJoin('ticket_fact', 'ticket_fact.ticket_id', 'ticket.id')
        .select(['ticket.id', 'ticket.json'])
        .where('ticket.state', '=', 'archived')
        .where('ticket_fact.ticket_id', 'is', null)
        .where(
          sql<boolean>`case when json_valid(ticket.json) then json_extract(ticket.json, '$.exercise') = 0 end`,
        )
        .limit(limit)
        .execute()
      return readRows(db, TICKETS, rows)
    },
  }
}

function nothingMeasured() {
  return { times: 0, measured: { hidden: [], notified: [], planned: [], repaired: [] } }
}
