import { isOn, type Drill } from '../../domain/hotline/drill.ts'
import type { Unit } from '../../flows/decisions.ts'
import type { Database } from './database.ts'

export function createDrillStore(db: Database): Unit['drills'] {
  return {
    async on(at) {
      const rows = await db
        .selectFrom('drill')
        .select('json')
        .where('until', '>', at)
        .where('ended_at', 'is', null)
        .execute()
      return rows.map(({ json }) => JSON.parse(json) as Drill).filter((drill) => isOn(drill, at))
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
