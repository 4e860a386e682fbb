import { openEmbeddedBroker } from './embedded-broker.ts'
import type { Entrance, EntranceParts } from './entrance.ts'
import { createExternalMqtt } from '../mqtt/external.ts'

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
