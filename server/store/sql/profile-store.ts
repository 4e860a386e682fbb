import type { ProfileEntry } from '#contract/profiles.ts'
import type { KeptProfiles } from '../../flows/foreign/profiles.ts'
import { fromJson, type Database } from './database.ts'

/** Profiles in SQL. */
export function createProfileStore(db: Database): KeptProfiles {
  return {
    async all() {
      const rows = await db.selectFrom('profile').selectAll().orderBy('id').execute()
      return rows.map((row) => ({
        id: row.id,
        entry: fromJson(row.entry, `profile ${row.id}`) as ProfileEntry,
        changedAt: row.changed_at,
        changedBy: row.changed_by,
      }))
    },
    async save({ id, entry, changedAt, changedBy }) {
      const values = { entry: JSON.stringify(entry), changed_at: changedAt, changed_by: changedBy }
      await db
        .insertInto('profile')
        .values({ id, ...values })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(values))
        .execute()
    },
    async remove(id) {
      await db.deleteFrom('profile').where('id', '=', id).execute()
    },
  }
}
