import type { Kysely } from 'kysely'

/** How columns of delivered files were matched, kept by name for the next delivery. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('network_mapping')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('mapping', 'text', (column) => column.notNull())
    .addColumn('saved_at', 'integer', (column) => column.notNull())
    .addColumn('saved_by', 'text', (column) => column.notNull())
    .execute()
}
