import type { MemoryStore } from '../../flows/readings/keep-memories.ts'
import { fromJson, type Database } from './database.ts'

/** What is remembered over a restart, each under its name. */
export function createMemoryStore(db: Database): MemoryStore {
  return {
    async load(name) {
      const row = await db.selectFrom('memory').select('json').where('name', '=', name).executeTakeFirst()
      return row === undefined ? undefined : fromJson(row.json)
    },
    async save(name, value) {
      const json = JSON.stringify(value)
      await db
        .insertInto('memory')
        .values({ name, json })
        .onConflict((conflict) => conflict.column('name').doUpdateSet({ json }))
        .execute()
    },
  }
}
