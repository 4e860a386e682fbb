import type { PolicyPack } from '../../domain/policy/policy-pack.ts'
import type { PolicyStore } from '../../flows/self-monitoring/keep-policy.ts'
import { fromJson, type Database } from './database.ts'

/** Editions of the policy pack, each from its first use on. */
export function createPolicyStore(db: Database): PolicyStore {
  return {
    async editions() {
      const rows = await db.selectFrom('policy_edition').selectAll().orderBy('since').execute()
      return rows.map(({ id, since, json }) => ({ id, since, pack: fromJson(json) as PolicyPack }))
    },
    async add({ id, since, pack }) {
      await db
        .insertInto('policy_edition')
        .values({ id, since, json: JSON.stringify(pack) })
        .execute()
    },
  }
}
