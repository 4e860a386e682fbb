import type { Kysely } from 'kysely'

/** What is measured and not limited beside the hidden time; filled anew from the tickets at the next start. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.dropTable('ticket_fact').execute()
  await db.schema
    .createTable('ticket_fact')
    .addColumn('ticket_id', 'text', (column) => column.primaryKey().notNull().references('ticket.id'))
    .addColumn('opened_at', 'integer', (column) => column.notNull())
    .addColumn('shape_id', 'integer', (column) => column.notNull().references('fact_shape.id'))
    .addColumn('hidden', 'integer')
    .addColumn('notified', 'integer')
    .addColumn('planned', 'integer')
    .addColumn('repaired', 'integer')
    .execute()
  await db.schema
    .createIndex('ticket_fact_opened')
    .on('ticket_fact')
    .columns(['opened_at', 'shape_id', 'hidden', 'notified', 'planned', 'repaired'])
    .execute()
}
