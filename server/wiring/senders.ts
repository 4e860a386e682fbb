import { keepMemories } from '../flows/readings/keep-memories.ts'
import type { Clock, Log, NetworkSource } from '../flows/ports.ts'
import { createQuarantine } from '../flows/readings/quarantine.ts'
import { createUnknownSenders } from '../flows/readings/unknown-senders.ts'
import type { Database } from '../store/sql/database.ts'
import { createMemoryStore } from '../store/sql/memory-store.ts'

/** What is known of those who send what cannot be used, or who are not known at all; kept over a restart. */
export async function rememberSenders(parts: {
  readonly db: Database
  readonly clock: Clock
  readonly network: NetworkSource
  readonly log: Log
}) {
  const { db, clock, network, log } = parts
  const quarantine = createQuarantine()
  const unknown = createUnknownSenders(clock.now, (id) => network.current().devices.has(id))
  const kept = await keepMemories({ store: createMemoryStore(db), memories: { quarantine, unknown }, log })
  return { quarantine, unknown, close: kept.close }
}
