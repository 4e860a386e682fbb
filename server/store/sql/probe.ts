import { sql } from 'kysely'
import type { Database } from './database.ts'

/** Writes something small and durable: the only way to know that the next ticket can be saved. */
export function createProbe(db: Database): () => Promise<void> {
  let turn = 0
  return async () => {
    turn = 1 - turn
    await db.transaction().execute((unit) => sql.raw(`pragma user_version = ${String(turn)}`).execute(unit))
  }
}
