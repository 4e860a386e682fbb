import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createBroker } from '../broker/broker.ts'
import type { Config } from './config.ts'
import type { Ingest } from './flows/ingest.ts'
import type { Log } from './flows/ports.ts'
import { createExternalMqtt } from './mqtt/external.ts'

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
}

export function openEntrance(parts: EntranceParts): Promise<Entrance> {
  return parts.config.mqttUrl === '' ? openBroker(parts) : Promise.resolve(joinBroker(parts))
}

async function openBroker({ config, dataDir, ingest, authenticate, log }: EntranceParts): Promise<Entrance> {
  const tls = certificateOf(config)
  const broker = createBroker({
    authenticate,
    ingest: (message, done) => ingest.ingest(message, done),
    persistencePath: join(dataDir, 'sessions.sqlite'),
    limits: {
      connections: config.mqttMaxConnections,
      connectionsPerAddress: config.mqttMaxPerIp,
      messagesPerS: config.mqttDeviceRate,
      burst: config.mqttDeviceRate * 2,
    },
    log,
    ...(tls === undefined ? {} : { tls }),
  })
  const addresses = await broker.listen({
    host: config.host,
    mqttPort: config.mqttPort,
    ...(config.mqttWsPort === 0 ? {} : { wsPort: config.mqttWsPort }),
    ...(tls === undefined ? {} : { tlsPort: config.mqttTlsPort }),
  })
  let open = true
  return {
    url: `mqtt://${hostOf(addresses.host)}:${String(addresses.mqttPort)}`,
    connected: () => open,
    stats: () => broker.stats(),
    disconnect: (deviceId) => {
      broker.disconnect(deviceId)
    },
    async close() {
      open = false
      await broker.close()
    },
  }
}

function joinBroker({ config, ingest, log }: EntranceParts): Entrance {
  const client = createExternalMqtt({
    url: config.mqttUrl,
    ...(config.mqttUsername === '' ? {} : { username: config.mqttUsername, password: config.mqttPassword }),
    ingest: (message, done) => ingest.ingest(message, done),
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

function certificateOf({
  mqttTlsCertFile,
  mqttTlsKeyFile,
}: Config): { cert: string; key: string } | undefined {
  if (mqttTlsCertFile === '') return undefined
  return { cert: readFileSync(mqttTlsCertFile, 'utf8'), key: readFileSync(mqttTlsKeyFile, 'utf8') }
}

function hostOf(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
