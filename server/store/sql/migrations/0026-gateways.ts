import type { Kysely } from 'kysely'

/**
 * Gateways with their credentials, the messages that no profile understood, and what was heard of devices that
 * nobody knows yet.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('gateway')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('profiles', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('gateway_credential')
    .addColumn('device_id', 'text', (column) => column.primaryKey())
    .addColumn('scheme', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .addColumn('issued_at', 'integer', (column) => column.notNull())
    .addColumn('revoked_at', 'integer')
    .execute()
  await db.schema
    .createTable('foreign_message')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('gateway', 'text', (column) => column.notNull())
    .addColumn('topic', 'text', (column) => column.notNull())
    .addColumn('received_at', 'integer', (column) => column.notNull())
    .addColumn('body', 'blob', (column) => column.notNull())
    .addColumn('why', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('waiting_message')
    .addColumn('id', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('alias', 'text', (column) => column.notNull())
    .addColumn('gateway', 'text', (column) => column.notNull())
    .addColumn('received_at', 'integer', (column) => column.notNull())
    .addColumn('message', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createIndex('waiting_message_alias')
    .on('waiting_message')
    .columns(['alias', 'received_at'])
    .execute()
}
