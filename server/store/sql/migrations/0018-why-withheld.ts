import type { Kysely } from 'kysely'

/** Why a message did not go out, in English beside Chinese; unknown of older lines. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('outbox').addColumn('why_en', 'text').execute()
}
