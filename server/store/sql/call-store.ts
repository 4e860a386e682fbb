import { maskDeep } from '../../domain/access/mask-text.ts'
import { normalPhone } from '../../domain/phone.ts'
import { FORGOTTEN, type Repositories } from '../../flows/decisions/decisions.ts'
import { among, type Database } from './database.ts'
import { readRows } from './stored-rows.ts'
import { CALLS } from './stored-shapes.ts'

export function createCallStore(db: Database): Repositories['calls'] {
  const calls = () => db.selectFrom('call').select(['id', 'json']).orderBy('received_at').orderBy('id')
  return {
    async load(id) {
      const row = await calls().where('id', '=', id).executeTakeFirst()
      return row && CALLS.read(row)
    },
    async ofTickets(ticketIds) {
      if (ticketIds.length === 0) return []
      return readRows(db, CALLS, await calls().where('ticket_id', 'in', among(ticketIds)).execute())
    },
    async ofIncidents(incidentIds) {
      if (incidentIds.length === 0) return []
      return readRows(db, CALLS, await calls().where('incident_id', 'in', among(incidentIds)).execute())
    },
    async byIds(ids) {
      if (ids.length === 0) return []
      return readRows(db, CALLS, await calls().where('id', 'in', among(ids)).execute())
    },
    async external(number) {
      const row = await db
        .selectFrom('external_call')
        .selectAll()
        .where('number', '=', number)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return { callId: row.call_id, ticketId: row.ticket_id, fingerprint: row.fingerprint }
    },
    async saveExternal({ number, callId, ticketId, fingerprint }) {
      const row = { call_id: callId, ticket_id: ticketId, fingerprint }
      await db
        .insertInto('external_call')
        .values({ number, ...row })
        .onConflict((conflict) => conflict.column('number').doUpdateSet(row))
        .execute()
    },
    async forgetCallers(before) {
      const rows = await db
        .selectFrom('call')
        .innerJoin('ticket', 'ticket.id', 'call.ticket_id')
        .select(['call.id', 'call.json'])
        .where('call.received_at', '<', before)
        .where('ticket.state', 'in', ['archived', 'merged'])
        .where((e) => e.or([e('call.phone', '!=', ''), e('call.json', 'like', '%"callerName":%')]))
        .execute()
      for (const call of readRows(db, CALLS, rows)) {
        const { id } = call
        const known = { ...maskDeep(call), callerName: undefined, callerPhone: '' }
        const forgotten = { phone: '', json: JSON.stringify(known) }
        await db.updateTable('call').set(forgotten).where('id', '=', id).execute()
        // The digest of an entry gives a number away to whoever tries them all.
        const external = db.updateTable('external_call').set({ fingerprint: FORGOTTEN })
        await external.where('call_id', '=', id).execute()
      }
      return rows.length
    },
    async save(call) {
      const row = {
        ticket_id: call.ticketId,
        incident_id: call.incidentId ?? null,
        received_at: call.receivedAt,
        phone: normalPhone(call.callerPhone),
        json: JSON.stringify(call),
      }
      await db
        .insertInto('call')
        .values({ id: call.id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
    },
  }
}
