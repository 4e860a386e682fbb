import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('device_credential')
    .addColumn('device_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('scheme', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('issued_at', 'integer', (column) => column.notNull())
    .addColumn('revoked_at', 'integer')
    .execute()
}
