import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('ticket')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('number', 'text', (column) => column.notNull().unique())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('level', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('department_id', 'text', (column) => column.notNull())
    .addColumn('incident_id', 'text')
    .addColumn('asset_id', 'text')
    .addColumn('opened_at', 'integer', (column) => column.notNull())
    .addColumn('next_due_at', 'integer')
    .addColumn('search', 'text', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('ticket_due').on('ticket').column('next_due_at').execute()
  await db.schema.createIndex('ticket_state').on('ticket').columns(['state', 'opened_at']).execute()
  await db.schema.createIndex('ticket_opened').on('ticket').columns(['opened_at', 'id']).execute()
  await db.schema.createIndex('ticket_incident').on('ticket').column('incident_id').execute()

  await db.schema
    .createTable('ticket_event')
    .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('ticket_id', 'text', (column) => column.notNull().references('ticket.id'))
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('occurred_at', 'integer', (column) => column.notNull())
    .addColumn('entered_at', 'integer', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    // Two writers of one version: the second finds it taken.
    .addUniqueConstraint('ticket_event_version', ['ticket_id', 'version'])
    .execute()
  for (const change of ['update', 'delete'] as const) {
    await sql`create trigger ${sql.raw(`ticket_event_no_${change}`)} before ${sql.raw(change)} on ticket_event
      begin select raise(abort, 'history is append-only'); end`.execute(db)
  }

  await db.schema
    .createTable('ticket_number')
    .addColumn('day', 'text', (column) => column.primaryKey().notNull())
    .addColumn('last', 'integer', (column) => column.notNull())
    .execute()

  await db.schema
    .createTable('incident')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('opened_at', 'integer', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('incident_state').on('incident').columns(['state', 'opened_at']).execute()
  await db.schema
    .createTable('incident_member')
    .addColumn('member_id', 'text', (column) => column.notNull())
    .addColumn('incident_id', 'text', (column) => column.notNull().references('incident.id'))
    .addPrimaryKeyConstraint('incident_member_key', ['member_id', 'incident_id'])
    .execute()

  await db.schema
    .createTable('call')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('ticket_id', 'text', (column) => column.notNull().references('ticket.id'))
    .addColumn('incident_id', 'text')
    .addColumn('received_at', 'integer', (column) => column.notNull())
    .addColumn('phone', 'text', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('call_ticket').on('call').column('ticket_id').execute()
  await db.schema.createIndex('call_incident').on('call').column('incident_id').execute()

  await db.schema
    .createTable('check_in')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('asset_id', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('person_name', 'text', (column) => column.notNull())
    .addColumn('since', 'integer', (column) => column.notNull())
    .addColumn('until', 'integer', (column) => column.notNull())
    .addColumn('ended_at', 'integer')
    .execute()
  await db.schema.createIndex('check_in_asset').on('check_in').column('asset_id').execute()

  await db.schema
    .createTable('notice')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('received_at', 'integer', (column) => column.notNull())
    .addColumn('effective_at', 'integer', (column) => column.notNull())
    .addColumn('until', 'integer')
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('attachment')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('bytes', 'integer', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('idempotency_key')
    .addColumn('scope', 'text', (column) => column.notNull())
    .addColumn('key', 'text', (column) => column.notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('created_at', 'integer', (column) => column.notNull())
    .addColumn('result', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('idempotency_key_key', ['scope', 'key'])
    .execute()
}
