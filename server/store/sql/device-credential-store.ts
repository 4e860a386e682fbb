import type { CredentialStore, KeptCredential } from '../../flows/readings/device-credentials.ts'
import type { Database } from './database.ts'
import type { DeviceCredentialTable } from './device-tables.ts'

/** SQLite takes at most 32,766 values in one statement; a row has five. */
const ROWS_AT_ONCE = 1000

/** Credentials in SQL: those of devices, or those of gateways, whose ids are their own. */
export function createCredentialStore(
  db: Database,
  table: 'device_credential' | 'gateway_credential' = 'device_credential',
): CredentialStore {
  return {
    async find(deviceId) {
      const row = await db.selectFrom(table).selectAll().where('device_id', '=', deviceId).executeTakeFirst()
      return row === undefined ? undefined : credentialOf(row)
    },
    async list() {
      const rows = await db.selectFrom(table).selectAll().orderBy('device_id').execute()
      return rows.map(credentialOf)
    },
    async save(credential) {
      const row = rowOf(credential)
      await db
        .insertInto(table)
        .values(row)
        .onConflict((conflict) => conflict.column('device_id').doUpdateSet(row))
        .execute()
    },
    async replace(credentials) {
      await db.transaction().execute(async (transaction) => {
        for (let from = 0; from < credentials.length; from += ROWS_AT_ONCE) {
          await transaction
            .replaceInto(table)
            .values(credentials.slice(from, from + ROWS_AT_ONCE).map(rowOf))
            .execute()
        }
      })
    },
    async addMissing(credentials) {
      await db.transaction().execute(async (transaction) => {
        for (let from = 0; from < credentials.length; from += ROWS_AT_ONCE) {
          await transaction
            .insertInto(table)
            .values(credentials.slice(from, from + ROWS_AT_ONCE).map(rowOf))
            .onConflict((conflict) => conflict.column('device_id').doNothing())
            .execute()
        }
      })
    },
    async revoke(deviceId, at) {
      const done = await db
        .updateTable(table)
        .set({ revoked_at: at })
        .where('device_id', '=', deviceId)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return done.numUpdatedRows > 0n
    },
  }
}

function rowOf({ deviceId, scheme, hash, issuedAt, revokedAt }: KeptCredential): DeviceCredentialTable {
  return { device_id: deviceId, scheme, hash, issued_at: issuedAt, revoked_at: revokedAt ?? null }
}

function credentialOf(row: DeviceCredentialTable): KeptCredential {
  return {
    deviceId: row.device_id,
    scheme: row.scheme,
    hash: row.hash,
    issuedAt: row.issued_at,
    ...(row.revoked_at === null ? {} : { revokedAt: row.revoked_at }),
  }
}
