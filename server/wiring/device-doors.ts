import type { Config } from '../config.ts'
import type { DeviceCredentials } from '../flows/readings/device-credentials.ts'
import { createIngest } from '../flows/readings/ingest.ts'
import type { Clock, Journal, Log, NetworkSource } from '../flows/ports.ts'
import type { RecentMessages } from '../flows/readings/recent-messages.ts'
import { createForeignDoor } from '../flows/foreign/take-foreign.ts'
import { openEntrance } from './mqtt-ingress.ts'
import type { Senders } from './senders.ts'

export interface DeviceDoorsParts {
  readonly config: Config
  readonly dataDir: string
  readonly journal: Journal
  readonly recent: RecentMessages
  readonly senders: Senders
  readonly network: NetworkSource
  readonly credentials: DeviceCredentials
  readonly clock: Clock
  readonly log: Log
}

/** The doors of devices: whatever comes in by MQTT or HTTP goes through the same ingest. */
export async function openDeviceDoors(parts: DeviceDoorsParts) {
  const { config, dataDir, journal, recent, network, credentials, clock, log } = parts
  const { quarantine, unknown, foreign } = parts.senders
  const ingest = createIngest({
    journal,
    recent,
    quarantine,
    clock,
    standing: (id) => network.current().devices.get(id)?.asset.kind ?? 'unplaced',
    stranger: unknown.hear,
  })
  const door = createForeignDoor({ ...foreign, ingest, unknown, clock })
  const authenticate = credentials.verify
  const entrance = await openEntrance({
    config,
    dataDir,
    ingest,
    authenticate,
    refused: unknown.refused,
    log,
  })
  return { ingest, entrance, foreign: { ...foreign, door } }
}
