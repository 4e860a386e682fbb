import type { Kysely } from 'kysely'

/** Editions of the policy that tickets were opened under; alarms of duty that have been raised. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('policy_edition')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('since', 'integer', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('duty_alarm')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('at', 'integer', (column) => column.notNull())
    .execute()
}
