import { gatewayOfClient } from '#contract/topics.ts'
import type { DataDir } from '../disk/data-dir.ts'
import { createAliasLookup } from '../flows/foreign/device-by-alias.ts'
import { createGateways } from '../flows/foreign/gateways.ts'
import { createProfiles } from '../flows/foreign/profiles.ts'
import type { Clock, Log, NetworkSource } from '../flows/ports.ts'
import { createDeviceCredentials } from '../flows/readings/device-credentials.ts'
import { keepMemories } from '../flows/readings/keep-memories.ts'
import { createQuarantine } from '../flows/readings/quarantine.ts'
import { createUnknownSenders } from '../flows/readings/unknown-senders.ts'
import { startTranslator } from '../profiles/translation-thread.ts'
import type { Database } from '../store/sql/database.ts'
import { createCredentialStore } from '../store/sql/device-credential-store.ts'
import { createForeignStore } from '../store/sql/foreign-store.ts'
import { createGatewayStore } from '../store/sql/gateway-store.ts'
import { createMemoryStore } from '../store/sql/memory-store.ts'
import { createProfileStore } from '../store/sql/profile-store.ts'

/**
 * Who may send and how their messages are read; and who sends what cannot be used or is not known at all, kept
 * over a restart.
 */
export async function openSenders(parts: {
  readonly db: Database
  readonly dataDir: Pick<DataDir, 'secret'>
  readonly clock: Clock
  readonly network: NetworkSource
  readonly log: Log
}) {
  const { db, dataDir, clock, network, log } = parts
  const credentials = createDeviceCredentials({
    store: createCredentialStore(db),
    key: dataDir.secret('device'),
    clock,
  })
  const deviceBy = createAliasLookup(network)
  const translator = startTranslator()
  const gatewayIds = (profileId: string) =>
    gateways.all().flatMap(({ id, profiles: used }) => (used.includes(profileId) ? [id] : []))
  const profiles = await createProfiles({
    store: createProfileStore(db),
    translator,
    clock,
    deviceOf: (alias) => deviceBy(alias)?.id,
    usersOf: gatewayIds,
  })
  const gateways = await createGateways({
    store: createGatewayStore(db),
    credentials: createDeviceCredentials({
      store: createCredentialStore(db, 'gateway_credential'),
      key: dataDir.secret('device'),
      clock,
    }),
    profiles,
    network,
  })
  const foreign = { profiles, gateways, translator, deviceBy, store: createForeignStore(db) }
  const quarantine = createQuarantine()
  const unknown = createUnknownSenders(
    clock.now,
    (id) => network.current().devices.has(id) || gateways.find(gatewayOfClient(id) ?? id) !== undefined,
  )
  const kept = await keepMemories({ store: createMemoryStore(db), memories: { quarantine, unknown }, log })
  return {
    ...{ credentials, foreign, quarantine, unknown },
    async close() {
      await translator.close()
      await kept.close()
    },
  }
}

export type Senders = Awaited<ReturnType<typeof openSenders>>
