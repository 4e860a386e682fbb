import { sql } from 'kysely'
import { isOn } from '../../domain/hotline/drill.ts'
import type { Repositories } from '../../flows/decisions/decisions.ts'
import type { Database } from './database.ts'
import { readRows } from './stored-rows.ts'
import { DRILLS } from './stored-shapes.ts'

export function createDrillStore(db: Database): Repositories['drills'] {
  return {
    async on(at) {
      const rows = await db.selectFrom('drill').select(['id', 'json']).where('until', '>', at).execute()
      return readRows(db, DRILLS, rows).filter((drill) => isOn(drill, at))
    },
    async load(id) {
      const row = await db.selectFrom('drill').select(['id', 'json']).where('id', '=', id).executeTakeFirst()
      return row && DRILLS.read(row)
    },
    async newest(limit) {
      const rows = await db
        .selectFrom('drill')
        .select(['id', 'json'])
        .orderBy('id', 'desc')
        .limit(limit)
        .execute()
      return readRows(db, DRILLS, rows)
    },
    async ticketIds({ from, to }) {
      const rows = await db
        .selectFrom('ticket')
        .select('id')
        .where('opened_at', '>=', from)
        .where('opened_at', '<', to)
        .where(sql<number>`case when json_valid(json) then json_extract(json, '$.exercise') end`, '=', 1)
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
