import { sql, type Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('duty_plan')
    .addColumn('department_id', 'text', (column) => column.notNull())
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    // Two writers of one version: the second finds it taken.
    .addPrimaryKeyConstraint('duty_plan_key', ['department_id', 'version'])
    .execute()
  await schema
    .createTable('duty_settings')
    .addColumn('version', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
  await schema
    .createTable('duty_exception')
    .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
  await schema
    .createTable('duty_cancellation')
    .addColumn('exception_id', 'text', (column) =>
      column.primaryKey().notNull().references('duty_exception.id'),
    )
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('person_id', 'text', (column) => column.notNull())
    .addColumn('person_name', 'text', (column) => column.notNull())
    .execute()
  await schema
    .createTable('duty_phone_test')
    .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('turn_from', 'integer', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
  await schema.createIndex('duty_phone_test_turn').on('duty_phone_test').column('turn_from').execute()
  await schema
    .createTable('handover')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('department_id', 'text', (column) => column.notNull())
    .addColumn('opened_at', 'integer', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
  await schema.createIndex('handover_opened').on('handover').columns(['department_id', 'opened_at']).execute()
  await schema
    .createTable('handover_signature')
    .addColumn('handover_id', 'text', (column) => column.notNull().references('handover.id'))
    .addColumn('side', 'text', (column) => column.notNull())
    .addColumn('json', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('handover_signature_key', ['handover_id', 'side'])
    .execute()
  await schema
    .createTable('handover_carry')
    .addColumn('handover_id', 'text', (column) => column.primaryKey().notNull().references('handover.id'))
    .addColumn('into_id', 'text', (column) => column.notNull().references('handover.id'))
    .execute()
  await schema
    .createTable('contingency_tick')
    .addColumn('seq', 'integer', (column) => column.primaryKey().autoIncrement())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('ticket_id', 'text', (column) => column.notNull().references('ticket.id'))
    .addColumn('json', 'text', (column) => column.notNull())
    .execute()
  await schema.createIndex('contingency_tick_ticket').on('contingency_tick').column('ticket_id').execute()
  for (const table of HISTORY) await appendOnly(db, table)
}

const HISTORY = [
  'duty_plan',
  'duty_settings',
  'duty_exception',
  'duty_cancellation',
  'duty_phone_test',
  'handover',
  'handover_signature',
  'handover_carry',
  'contingency_tick',
] as const

async function appendOnly(db: Kysely<unknown>, table: (typeof HISTORY)[number]): Promise<void> {
  for (const change of ['update', 'delete'] as const) {
    const name = sql.raw(`${table}_no_${change}`)
    await sql`create trigger ${name} before ${sql.raw(change)} on ${sql.raw(table)}
      begin select raise(abort, 'history is append-only'); end`.execute(db)
  }
}
