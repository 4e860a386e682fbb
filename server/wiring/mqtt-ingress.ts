import type { Config } from '../config.ts'
import { openEmbeddedBroker } from './embedded-broker.ts'
import type { Ingest } from '../flows/readings/ingest.ts'
import type { Log } from '../flows/ports.ts'
import { createExternalMqtt } from '../mqtt/external.ts'

/** Where devices come in: the embedded broker, or an external one whose client we are. */
export interface Entrance {
  /** Where devices reach us. */
  readonly url: string
  readonly connected: () => boolean
  readonly stats: () => {
    clients: number
    messagesPerMinute: number
    refused: Readonly<Record<string, number>>
  }
  readonly disconnect: (deviceId: string) => void
  readonly close: () => Promise<void>
}

export interface EntranceParts {
  readonly config: Config
  readonly dataDir: string
  readonly ingest: Ingest
  readonly authenticate: (deviceId: string, secret: string) => Promise<boolean>
  readonly log: Log
  /** How often the certificate files are looked at. */
  readonly lookEveryMs?: number
}

export function openEntrance(parts: EntranceParts): Promise<Entrance> {
  return parts.config.mqttUrl === '' ? openEmbeddedBroker(parts) : Promise.resolve(joinBroker(parts))
}

function joinBroker({ config, ingest, log }: EntranceParts): Entrance {
  const client = createExternalMqtt({
    url: config.mqttUrl,
    ...(config.mqttUsername === '' ? {} : { username: config.mqttUsername, password: config.mqttPassword }),
    ingest: ingest.ingest,
    log,
  })
  return {
    url: config.mqttUrl,
    connected: () => client.connected(),
    stats() {
      const { messagesPerMinute, foreign, refused } = client.stats()
      return { clients: client.connected() ? 1 : 0, messagesPerMinute, refused: { foreign, refused } }
    },
    // An external broker keeps its own credentials; its administrator ends the session there.
    disconnect: () => undefined,
    close: () => client.close(),
  }
}
