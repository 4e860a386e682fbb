import { createNetworkRegistry, type NetworkRegistry } from '../../server/flows/network/change-network.ts'
import { networkStore } from '../../server/store/sql/network-store.ts'
import { openDatabase, type Database } from '../../server/store/sql/database.ts'
import { migrate } from '../../server/store/sql/migrate.ts'
import { silentLog } from './silent-log.ts'

/** A registry on a database of its own, or on the given one, with a clock to set by hand. */
export async function aRegistry(
  given?: Database,
): Promise<{ registry: NetworkRegistry; db: Database; clock: { at: number; now(): number } }> {
  const db = given ?? openDatabase(':memory:')
  if (given === undefined) await migrate(db)
  const clock = { at: Date.parse('2026-01-15T12:00:00+08:00'), now: () => clock.at }
  const registry = createNetworkRegistry({ store: networkStore(db), clock, log: silentLog })
  await registry.load()
  return { registry, db, clock }
}
