import type { Kysely } from 'kysely'

/** Rehearsals, and calls of another call centre by the number that it gave them. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('drill')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('until', 'integer', (column) => column.notNull())
    .addColumn('ended_at', 'integer')
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('drill_until').on('drill').column('until').execute()
  await db.schema
    .createTable('external_call')
    .addColumn('number', 'text', (column) => column.primaryKey().notNull())
    .addColumn('call_id', 'text', (column) => column.notNull().references('call.id'))
    .addColumn('ticket_id', 'text', (column) => column.notNull().references('ticket.id'))
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .execute()
}
