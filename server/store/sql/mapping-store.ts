import type { NetworkMapping } from '#contract/network-mapping.ts'
import type { KeptMappings } from '../../flows/network/kept-mappings.ts'
import { fromJson, type Database } from './database.ts'

/** Matchings of columns in SQL. */
export function createMappingStore(db: Database): KeptMappings {
  return {
    async all() {
      const rows = await db.selectFrom('network_mapping').selectAll().orderBy('name').execute()
      return rows.map((row) => ({
        name: row.name,
        mapping: fromJson(row.mapping) as NetworkMapping,
        savedAt: row.saved_at,
        savedBy: row.saved_by,
      }))
    },
    async save({ name, mapping, savedAt, savedBy }) {
      const values = { mapping: JSON.stringify(mapping), saved_at: savedAt, saved_by: savedBy }
      await db
        .insertInto('network_mapping')
        .values({ name, ...values })
        .onConflict((conflict) => conflict.column('name').doUpdateSet(values))
        .execute()
    },
  }
}
