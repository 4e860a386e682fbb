import type { DeviceFault } from '#contract/vocabulary.ts'
import { sql } from 'kysely'
import type { Instant } from '../../domain/instant.ts'
import type { Repositories } from '../../flows/decisions/decisions.ts'
import { among, type Database } from './database.ts'
import { readRow, readRows } from './stored-rows.ts'
import { EVENTS, INCIDENTS, TICKETS } from './stored-shapes.ts'
import { NOT_OVER } from './incident-store.ts'
import { NOT_DONE } from './ticket-store.ts'

/** Tickets or incidents read in one query; between two queries other work gets the event loop. */
const AT_ONCE = 200

/** What was known at an earlier instant, read from rows that are only ever added. */
export function createAsOfStore(db: Database): Repositories['past'] {
  return {
    async tickets(at, limit) {
      const ids = await ticketIds(db, at, limit)
      const histories = []
      for (let from = 0; from < ids.length; from += AT_ONCE) {
        histories.push(...(await eventsUntil(db, ids.slice(from, from + AT_ONCE), at)))
      }
      return histories
    },
    async incidents(at) {
      const ids = await incidentIds(db, at)
      const incidents = []
      for (let from = 0; from < ids.length; from += AT_ONCE)
        incidents.push(...(await versionsAt(db, ids.slice(from, from + AT_ONCE), at)))
      return incidents
    },
    async faults(at) {
      const rows = await db
        .selectFrom('device_fault')
        .selectAll()
        .where('raised_at', '<=', at)
        .where((e) => e.or([e('cleared_at', 'is', null), e('cleared_at', '>', at)]))
        .execute()
      return rows.map((row) => ({
        deviceId: row.device_id,
        fault: row.fault as DeviceFault,
        eventAt: row.raised_at,
        ...(row.signal === null ? {} : { signal: row.signal }),
      }))
    },
    async keepFault({ id, phase, deviceId, deviceIds = [deviceId], fault, signal = null, at }) {
      for (const device of deviceIds) {
        const row = { id, device_id: device, fault, signal, raised_at: at }
        const insert = db.insertInto('device_fault').onConflict((conflict) => conflict.doNothing())
        if (phase === 'raised') await insert.values({ ...row, cleared_at: null }).execute()
      }
      if (phase === 'raised') return
      await db
        .updateTable('device_fault')
        .set({ cleared_at: at })
        .where('id', '=', id)
        .where('cleared_at', 'is', null)
        .execute()
    },
    async activity({ from, to }, binMs) {
      const rows = await db
        .selectFrom('ticket_event')
        .select([
          // Numbers are bound as floating point, and a bin is whole.
          sql<number>`cast((entered_at - ${from}) / ${binMs} as integer)`.as('bin'),
          sql<number>`count(*)`.as('events'),
        ])
        .where('entered_at', '>=', from)
        .where('entered_at', '<', to)
        .groupBy('bin')
        .execute()
      return rows
    },
    async openings({ from, to }, limit) {
      const rows = await db
        .selectFrom('ticket_event as event')
        .innerJoin('ticket', 'ticket.id', 'event.ticket_id')
        .select(['event.entered_at as at', 'ticket.id', 'ticket.json'])
        .where('event.entered_at', '>=', from)
        .where('event.entered_at', '<', to)
        .where('event.version', '=', 1)
        .orderBy('event.entered_at', 'desc')
        .limit(limit)
        .execute()
      return rows.flatMap(({ at, ...row }) => {
        const ticket = readRow(db, TICKETS, row)
        return ticket === undefined ? [] : [{ at, ticket }]
      })
    },
  }
}

/** Tickets that were open then are open now or have changed since. */
async function ticketIds(db: Database, at: Instant, limit: number): Promise<readonly string[]> {
  const known = db.selectFrom('ticket').select(['id', 'entered_at']).where('entered_at', '<=', at)
  const rows = await known
    .where('changed_at', '>', at)
    .union(known.where(NOT_DONE).where('state', '!=', 'answered_directly'))
    .orderBy('entered_at', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ id }) => id)
}

async function eventsUntil(db: Database, ids: readonly string[], at: Instant) {
  const rows = await db
    .selectFrom('ticket_event')
    .select(['ticket_id', 'id', 'json'])
    .where('ticket_id', 'in', among(ids))
    .where('entered_at', '<=', at)
    .orderBy('ticket_id')
    .orderBy('version')
    .execute()
  const byTicket = Map.groupBy(rows, (row) => row.ticket_id)
  return [...byTicket].flatMap(([id, own]) => {
    const events = own.flatMap((row) => readRow(db, EVENTS, row) ?? [])
    // What happened cannot be told from a part of it.
    return events.length < own.length ? [] : [{ id, events }]
  })
}

/** Incidents that stood then stand now or have changed since. */
async function incidentIds(db: Database, at: Instant): Promise<readonly string[]> {
  const known = db.selectFrom('incident').select(['id', 'known_at']).where('known_at', '<=', at)
  const rows = await known
    .where('changed_at', '>', at)
    .union(known.where(NOT_OVER))
    .orderBy('known_at')
    .orderBy('id')
    .execute()
  return rows.map(({ id }) => id)
}

/** Each in its newest version of then, without those that were over. */
async function versionsAt(db: Database, ids: readonly string[], at: Instant) {
  const rows = await db
    .selectFrom('incident_version as version')
    .select(['incident_id as id', 'json'])
    .where('incident_id', 'in', among(ids))
    .where(NOT_OVER)
    .where(({ selectFrom, eb, ref }) =>
      eb(
        ref('version.at'),
        '=',
        selectFrom('incident_version as newest')
          .select((newest) => newest.fn.max('newest.at').as('at'))
          .whereRef('newest.incident_id', '=', 'version.incident_id')
          .where('newest.at', '<=', at),
      ),
    )
    .orderBy('at')
    .execute()
  return readRows(db, INCIDENTS, rows)
}
