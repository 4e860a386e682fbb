import { sql } from 'kysely'
import { isOn, type Drill } from '../../domain/hotline/drill.ts'
import type { Unit } from '../../flows/decisions/decisions.ts'
import { fromJson, type Database } from './database.ts'

export function createDrillStore(db: Database): Unit['drills'] {
  return {
    async on(at) {
      const rows = await db.selectFrom('drill').select('json').where('until', '>', at).execute()
      return rows.map(({ json }) => fromJson(json) as Drill).filter((drill) => isOn(drill, at))
    },
    async load(id) {
      const row = await db.selectFrom('drill').select('json').where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : (fromJson(row.json) as Drill)
    },
    async newest(limit) {
      const rows = await db.selectFrom('drill').select('json').orderBy('id', 'desc').limit(limit).execute()
      return rows.map(({ json }) => fromJson(json) as Drill)
    },
    async ticketIds({ from, to }) {
      const rows = await db
        .selectFrom('ticket')
        .select('id')
        .where('opened_at', '>=', from)
        .where('opened_at', '<', to)
        .where(sql<number>`json_extract(json, '$.exercise')`, '=', 1)
        .orderBy('opened_at')
        .orderBy('id')
        .execute()
      return rows.map(({ id }) => id)
    },
    async save(drill) {
      const row = { until: drill.until, ended_at: drill.endedAt ?? null, json: JSON.stringify(drill) }
      await db
        .insertInto('drill')
        .values({ id: drill.id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
    },
  }
}
