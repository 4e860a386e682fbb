import type { NetworkVersion, NetworkVersions } from '../../flows/network/change-network.ts'
import { fromJson, type Database } from './database.ts'

/** Versions of the network in SQL. */
export function networkStore(db: Database): NetworkVersions {
  return {
    async all() {
      const rows = await db.selectFrom('network_version').selectAll().orderBy('version').execute()
      return rows.map((row) => ({
        version: row.version,
        importedAt: row.imported_at,
        importedBy: row.imported_by,
        summary: fromJson(row.summary) as NetworkVersion['summary'],
        packed: row.packed,
      }))
    },
    async departments() {
      return await db.selectFrom('department').select(['id', 'name']).orderBy('id').execute()
    },
    async add(version, departments) {
      await db.transaction().execute(async (tx) => {
        await tx
          .insertInto('network_version')
          .values({
            version: version.version,
            imported_at: version.importedAt,
            imported_by: version.importedBy,
            summary: JSON.stringify(version.summary),
            packed: version.packed,
          })
          .execute()
        await tx
          .insertInto('department')
          .values(departments.map(({ id, name }) => ({ id, name })))
          .onConflict((conflict) => conflict.column('id').doNothing())
          .execute()
      })
    },
  }
}
