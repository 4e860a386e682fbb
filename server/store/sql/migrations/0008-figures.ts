import { sql, type Kysely } from 'kysely'

/** What the figures need of each ticket that is done, apart from its long history. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('ticket_fact')
    .addColumn('ticket_id', 'text', (column) => column.primaryKey().notNull().references('ticket.id'))
    .addColumn('opened_at', 'integer', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('ticket_fact_opened').on('ticket_fact').column('opened_at').execute()
  await db.schema.alterTable('incident').addColumn('first_finding_at', 'integer').execute()
  await sql`update incident set first_finding_at =
    (select min(json_extract(member.value, '$.joinedAt')) from json_each(incident.json, '$.members') member
      where json_extract(member.value, '$.type') = 'finding')
    where json_extract(json, '$.exercise') = 0 and state <> 'merged'`.execute(db)
  await sql`create index incident_sensed on incident (opened_at) where first_finding_at is not null`.execute(
    db,
  )
}
