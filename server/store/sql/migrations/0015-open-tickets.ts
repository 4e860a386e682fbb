import { sql, type Kysely } from 'kysely'

/** A desk asks for what is open, whatever the years before have left behind. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index ticket_open on ticket (opened_at, id) where state not in ('archived', 'merged')`.execute(
    db,
  )
}
