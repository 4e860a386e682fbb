import type { Kysely } from 'kysely'

/** What is remembered over a restart: set-aside messages, senders that are not known. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('memory')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
}
