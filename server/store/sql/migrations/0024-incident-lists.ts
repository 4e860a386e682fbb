import { sql, type Kysely } from 'kysely'

/**
 * Lists of incidents are answered from an index, however many years are kept; and from when to when an incident
 * changed, so that those that stood at a past instant are found without their versions.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const column of ['known_at', 'changed_at']) {
    await db.schema
      .alterTable('incident')
      .addColumn(column, 'integer', (added) => added.notNull().defaultTo(0))
      .execute()
  }
  await sql`update incident set (known_at, changed_at) =
    (select min(at), max(at) from incident_version where incident_id = incident.id)
    where exists (select 1 from incident_version where incident_id = incident.id)`.execute(db)
  await db.schema.createIndex('incident_list').on('incident').columns(['opened_at', 'id']).execute()
  await sql`create index incident_open on incident (opened_at, id)
    where state not in ('closed', 'merged')`.execute(db)
  await db.schema
    .createIndex('incident_changed')
    .on('incident')
    .columns(['changed_at', 'known_at', 'id'])
    .execute()
}
