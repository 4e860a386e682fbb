import type { Kysely } from 'kysely'

export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('detection_part')
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addColumn('body', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('detection_part_key', ['name', 'generation'])
    .execute()
  await db.schema.createIndex('detection_part_generation').on('detection_part').column('generation').execute()
  await db.schema
    .createTable('detection_checkpoint')
    .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
    .addColumn('generation', 'integer', (column) => column.notNull())
    .addColumn('cursor', 'integer', (column) => column.notNull())
    .addColumn('alive_at', 'integer', (column) => column.notNull())
    .execute()
  await db.schema
    .createTable('detection_tick')
    .addColumn('at', 'integer', (column) => column.notNull())
    .addColumn('cursor', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('detection_tick_key', ['at', 'cursor'])
    .execute()
}
