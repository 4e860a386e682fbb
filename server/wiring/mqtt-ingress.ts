import { openEmbeddedBroker } from './embedded-broker.ts'
import type { Entrance, EntranceParts } from './entrance.ts'
import { createExternalMqtt } from '../mqtt/external.ts'

export function openEntrance(parts: EntranceParts): Promise<Entrance> {
  return parts.config.mqttUrl === '' ? openEmbeddedBroker(parts) : Promise.resolve(joinBroker(parts))
}

function joinBroker({ config, ingest, refused: hearRefused, log }: EntranceParts): Entrance {
  const client = createExternalMqtt({
    url: config.mqttUrl,
    ...(config.mqttUsername === '' ? {} : { username: config.mqttUsername, password: config.mqttPassword }),
    ingest: ingest.ingest,
    ...(hearRefused === undefined ? {} : { refused: hearRefused }),
    log,
  })
  return {
    url: config.mqttUrl,
    connected: () => client.connected(),
    stats() {
      const { messagesPerMinute, foreign, refused } = client.stats()
      return { clients: client.connected() ? 1 : 0, messagesPerMinute, refused: { foreign, refused } }
    },
    command: (deviceId, name) => client.publishCommand(deviceId, name, '{}'),
    close: () => client.close(),
  }
}
