import { sql, type Kysely } from 'kysely'

/** What was known when: every version of an incident, and every fault of a device with its end. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('incident_version')
    .addColumn('incident_id', 'text', (column) => column.notNull().references('incident.id'))
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('incident_version_key', ['incident_id', 'at'])
    .execute()
  await db.schema.createIndex('incident_version_at').on('incident_version').column('at').execute()
  // Of what is older only the last version is left; it is taken to be known from the opening on.
  await sql`insert into incident_version (incident_id, at, state, json)
    select id, opened_at, state, json from incident`.execute(db)
  await db.schema
    .createIndex('ticket_event_entered')
    .on('ticket_event')
    .columns(['entered_at', 'ticket_id'])
    .execute()
  await db.schema
    .createTable('device_fault')
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('device_id', 'text', (column) => column.notNull())
    .addColumn('fault', 'text', (column) => column.notNull())
    .addColumn('raised_at', 'integer', (column) => column.notNull())
    .addColumn('cleared_at', 'integer')
    .addPrimaryKeyConstraint('device_fault_key', ['id', 'device_id'])
    .execute()
  await db.schema.createIndex('device_fault_cleared').on('device_fault').column('cleared_at').execute()
}
