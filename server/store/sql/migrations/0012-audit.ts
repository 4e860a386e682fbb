import { sql, type Kysely } from 'kysely'
import { FIRST_LINK, nextLink } from '../../../domain/access/chain.ts'
import { eventRecord, type EventRecord } from '../audit-record.ts'

const AT_ONCE = 1000

/** Every event of a ticket and every access becomes a link of a hash chain. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('audit')
    .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('who', 'text', (column) => column.notNull())
    .addColumn('address', 'text')
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('status', 'integer', (column) => column.notNull())
    .addColumn('link', 'text', (column) => column.notNull())
    .execute()
  await db.schema.createIndex('audit_who').on('audit').columns(['who', 'seq']).execute()
  await freeze(db, 'audit', 'audit')

  await sql`drop trigger ticket_event_no_update`.execute(db)
  await db.schema
    .alterTable('ticket_event')
    .addColumn('link', 'text', (column) => column.notNull().defaultTo(''))
    .execute()
  await chainEvents(db as Kysely<{ ticket_event: EventRecord & { link: string } }>)
  await sql`create trigger ticket_event_no_update before update on ticket_event
    begin select raise(abort, 'history is append-only'); end`.execute(db)
}

async function freeze(db: Kysely<unknown>, table: string, what: string): Promise<void> {
  for (const change of ['update', 'delete'] as const) {
    await sql`create trigger ${sql.raw(`${table}_no_${change}`)} before ${sql.raw(change)} on ${sql.raw(table)}
      begin select raise(abort, ${sql.lit(`${what} is append-only`)}); end`.execute(db)
  }
}

async function chainEvents(db: Kysely<{ ticket_event: EventRecord & { link: string } }>): Promise<void> {
  let link = FIRST_LINK
  for (let last = 0; ;) {
    const rows = await db
      .selectFrom('ticket_event')
      .selectAll()
      .where('seq', '>', last)
      .orderBy('seq')
      .limit(AT_ONCE)
      .execute()
    for (const row of rows) {
      link = nextLink(link, eventRecord(row))
      last = row.seq
      await db.updateTable('ticket_event').set({ link }).where('seq', '=', row.seq).execute()
    }
    if (rows.length < AT_ONCE) return
  }
}
