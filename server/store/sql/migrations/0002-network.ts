import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('network_version')
    .addColumn('version', 'integer', (column) => column.primaryKey())
    .addColumn('imported_at', 'integer', (column) => column.notNull())
    .addColumn('imported_by', 'text', (column) => column.notNull())
    .addColumn('summary', 'text', (column) => column.notNull())
    .addColumn('packed', 'blob', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('department')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('name', 'text', (column) => column.notNull())
    .execute()
}
