import type { Repositories } from '../../flows/decisions/decisions.ts'
import { fromJson, type Database } from './database.ts'

/** Answers to requests with an idempotency key, so that a repeated request is not carried out again. */
export function createIdempotencyStore(db: Database): Repositories['once'] {
  return {
    async find({ scope, key }) {
      const row = await db
        .selectFrom('idempotency_key')
        .select(['fingerprint', 'result'])
        .where('scope', '=', scope)
        .where('key', '=', key)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return { fingerprint: row.fingerprint, result: fromJson(row.result) as unknown }
    },
    async keep({ scope, key, fingerprint }, result, at) {
      await db
        .insertInto('idempotency_key')
        .values({ scope, key, fingerprint, created_at: at, result: JSON.stringify(result) })
        .execute()
    },
    async forget(before) {
      await db.deleteFrom('idempotency_key').where('created_at', '<', before).execute()
    },
  }
}
