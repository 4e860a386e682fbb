import type { GatewayAccess } from '../../broker/gateways.ts'
import type { Gateways } from '../flows/foreign/gateways.ts'
import type { Config } from '../config.ts'
import type { DeviceCredentials } from '../flows/readings/device-credentials.ts'
import { createIngest } from '../flows/readings/ingest.ts'
import type { Clock, Journal, Log, NetworkSource } from '../flows/ports.ts'
import type { RecentMessages } from '../flows/readings/recent-messages.ts'
import { gatewayOfClient } from '#contract/topics.ts'
import { createForeignDoor, type ForeignDoor } from '../flows/foreign/take-foreign.ts'
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
  const { gateways } = foreign
  const authenticate = (clientId: string, secret: string) => {
    const gateway = gatewayOfClient(clientId)
    return gateway === undefined
      ? credentials.verify(clientId, secret)
      : gateways.credentials.verify(gateway, secret)
  }
  const entrance = await openEntrance({
    config,
    dataDir,
    ingest,
    authenticate,
    gateways: gatewayAccess(gateways, door),
    refused: unknown.refused,
    log,
  })
  return { ingest, entrance, foreign: { ...foreign, door } }
}

/** How the broker meets gateways: on the topics of their profiles. */
function gatewayAccess(gateways: Gateways, door: ForeignDoor): GatewayAccess {
  const isIts = (id: string, topic: string) => {
    const gateway = gateways.find(id)
    return gateway !== undefined && topic !== '' && gateways.profilesFor(gateway, topic).length > 0
  }
  return {
    has: (id) => gateways.find(id) !== undefined,
    mayPublish: isIts,
    // A filter without wildcards is a topic, and one with them has to be its profile's own.
    maySubscribe: (id, filter) => isIts(id, filter) || gateways.filtersOf(id).includes(filter),
    take(id, message, done) {
      const gateway = gateways.find(id)
      if (gateway === undefined) return done(new Error(`there is no gateway ${id} any more`))
      door.take(gateway, message).then(
        () => done(),
        (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
      )
    },
  }
}
