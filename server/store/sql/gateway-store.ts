import type { KeptGateways } from '../../flows/foreign/gateways.ts'
import { fromJson, type Database } from './database.ts'

/** Gateways in SQL; their credentials have a table of their own, like those of devices. */
export function createGatewayStore(db: Database): KeptGateways {
  return {
    async all() {
      const rows = await db.selectFrom('gateway').selectAll().orderBy('id').execute()
      return rows.map(({ id, title, profiles }) => ({
        id,
        title,
        profiles: fromJson(profiles, `gateway ${id}`) as string[],
      }))
    },
    async save({ id, title, profiles }) {
      const values = { title, profiles: JSON.stringify(profiles) }
      await db
        .insertInto('gateway')
        .values({ id, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute()
    },
    async remove(id) {
      await db.transaction().execute(async (transaction) => {
        await transaction.deleteFrom('gateway').where('id', '=', id).execute()
        await transaction.deleteFrom('gateway_credential').where('device_id', '=', id).execute()
      })
    },
  }
}
