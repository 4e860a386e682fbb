import type { Kysely } from 'kysely'

/** Which attachments something names; what is there already is kept. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .alterTable('attachment')
    .addColumn('used', 'integer', (column) => column.notNull().defaultTo(1))
    .execute()
  await db.schema.createIndex('attachment_created').on('attachment').columns(['created_at']).execute()
}
