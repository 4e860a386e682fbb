import type { Kysely } from 'kysely'

/** Which signal of a device was out of order, so that what was watched then can be told; unknown of older lines. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('device_fault').addColumn('signal', 'text').execute()
}
