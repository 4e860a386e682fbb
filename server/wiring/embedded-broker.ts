import { join } from 'node:path'
import { createBroker } from '../../broker/broker.ts'
import { createOpenBroker } from '../../broker/open-broker.ts'
import { readCertificate, watchCertificate } from '../process/certificate.ts'
import type { Entrance, EntranceParts } from './entrance.ts'
import { connectionLimits, openFileLimit } from '../process/open-files.ts'

/** The broker in this process, and the open one for conformance suites where it is configured. */
export async function openEmbeddedBroker(parts: EntranceParts): Promise<Entrance> {
  const { config, dataDir, ingest, authenticate, log } = parts
  const tls = readCertificate(config)
  const files = openFileLimit()
  const connections = connectionLimits(files, config.mqttMaxConnections).mqtt
  if (connections < config.mqttMaxConnections)
    log.info({ openFiles: files, connections }, 'the limit of open files allows fewer connections')
  const broker = createBroker({
    authenticate,
    ingest: ingest.ingest,
    ...(parts.gateways === undefined ? {} : { gateways: parts.gateways }),
    ...(parts.refused === undefined ? {} : { refused: parts.refused }),
    persistencePath: join(dataDir, 'sessions.sqlite'),
    limits: {
      connections,
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
  const stopWatching =
    tls === undefined ? undefined : watchCertificate(config, log, broker.renewCertificate, parts.lookEveryMs)
  const openBroker = await openForSuites(parts)
  let open = true
  return {
    url: `mqtt://${hostOf(addresses.host)}:${String(addresses.mqttPort)}`,
    connected: () => open,
    stats: () => broker.stats(),
    disconnect: (deviceId) => {
      broker.disconnect(deviceId)
    },
    command: (deviceId, name) => broker.publishCommand(deviceId, name, '{}'),
    async close() {
      open = false
      stopWatching?.()
      await openBroker?.close()
      await broker.close()
    },
  }
}

async function openForSuites({ config, dataDir, log }: EntranceParts) {
  if (config.mqttOpenPort === 0) return undefined
  const broker = createOpenBroker({ persistencePath: join(dataDir, 'sessions-open.sqlite'), log })
  await broker.listen({ host: config.host, mqttPort: config.mqttOpenPort })
  log.warn(
    { port: config.mqttOpenPort },
    'the open broker accepts anybody; it is for conformance suites only',
  )
  return broker
}

function hostOf(host: string): string {
  return host.includes(':') ? `[${host}]` : host
}
