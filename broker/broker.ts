import { Aedes } from 'aedes'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPenalties } from '#contract/penalties.ts'
import { commandTopic, gatewayClientId } from '#contract/topics.ts'
import { createAcknowledgements } from './acknowledgements.ts'
import { createConnectionLimiter } from './connection-limiter.ts'
import { createConnections } from './connections.ts'
import { createFastPath } from './fast-path.ts'
import { accessOf, type GatewayAccess } from './gateways.ts'
import { createExactlyOnce } from './exactly-once.ts'
import { createAuthenticator, type Authenticate } from './authenticate.ts'
import { DEFAULT_LIMITS, PENALTIES, type BrokerLimits } from './limits.ts'
import {
  openListeners,
  type Addresses,
  type Certificate,
  type Incoming,
  type Listeners,
} from './listeners.ts'
import type { BrokerLog } from './log.ts'
import { createCounters, type BrokerStats } from './counters.ts'
import { createRateLimiter } from './rate-limiter.ts'
import { DiskPersistence } from './persistence.ts'
import {
  createOpenPublishHandler,
  createPublishHandler,
  type CommandResult,
  type HearRefused,
  type Ingest,
} from './publish-handler.ts'
import { createPendingRetained } from './pending-retained.ts'
import { DEVICE_ACCESS, OPEN_ACCESS } from './access-control.ts'
import { createSubscriptions } from './subscriptions.ts'

export interface BrokerOptions {
  readonly authenticate: Authenticate
  readonly ingest: Ingest
  /** Hears of whoever is refused. */
  readonly refused?: HearRefused
  readonly commandResult?: (result: CommandResult) => void
  readonly limits?: Partial<BrokerLimits>
  /** Clients that speak for devices of other platforms. */
  readonly gateways?: GatewayAccess
  /** SQLite file of sessions, retained messages and wills. */
  readonly persistencePath: string
  readonly log: BrokerLog
  readonly tls?: Certificate
  /** For public conformance suites: any client and any topic, and nothing is ingested. */
  readonly open?: boolean
}

export interface Broker {
  /** Opens the ports; 0 stands for any free one, and the answer tells which. */
  listen(wanted: Addresses): Promise<Addresses>
  /** Ends the device's connections, also one that is just signing in. */
  disconnect(deviceId: string): void
  /** Resolves when the command is sent or, for an absent device with a session, on disk. */
  publishCommand(deviceId: string, name: string, payload: string | Buffer): Promise<void>
  renewCertificate(certificate: Certificate): void
  stats(): BrokerStats
  close(): Promise<void>
}

/** An id, or a gateway's behind its prefix. */
const MAX_CLIENT_ID = gatewayClientId('').length + 64
const EXPIRY_INTERVAL_MS = 10 * 60_000
const PROBE_INTERVAL_MS = 5000
const MAX_DRAIN_MS = 5000

/** The MQTT broker: aedes behind hard limits. It knows devices and topics, nothing of tickets. */
export function createBroker(options: BrokerOptions): Broker {
  const { log } = options
  const limits: BrokerLimits = { ...DEFAULT_LIMITS, ...options.limits }
  const counters = createCounters()
  const rateLimiter = createRateLimiter(limits)
  const deniedDevices = createPenalties(PENALTIES)
  const connectionLimiter = createConnectionLimiter(limits, counters.countRefusal)
  const connections = createConnections(limits, counters.countRefusal, () => fastPath)
  const { gateways } = options
  const deviceAccess = gateways === undefined ? DEVICE_ACCESS : accessOf(gateways)
  const access = options.open === true ? OPEN_ACCESS : deviceAccess
  let closing = false
  /** Why sessions are not on disk. */
  let unsaved: string | undefined

  const persistence = new DiskPersistence({
    path: options.persistencePath,
    limits,
    maySubscribe: access.maySubscribe,
    marksSessions: true,
    keepsWill: (deviceId) => closing || connections.isOnline(deviceId),
    now: Date.now,
    takePacketId: connections.takePacketId,
    damaged: (kept) => log.error({ kept }, 'the session file was damaged and is replaced by an empty one'),
  })
  const isClosing = (): boolean => closing
  const deviceHandler =
    options.open === true
      ? undefined
      : createPublishHandler({
          ...options,
          counters,
          rateLimiter,
          deniedDevices,
          isClosing,
          connectionOf: connections.of,
        })
  const handler = deviceHandler ?? createOpenPublishHandler({ counters, isClosing })
  const authenticate = createAuthenticator({
    ...options,
    judge: access.judge,
    limits,
    counters,
    deniedDevices,
    connectionLimiter,
  })
  const pendingRetained = createPendingRetained()
  const subscriptions = createSubscriptions({
    access,
    limits,
    pendingRetained,
    counters,
    connectionOf: connections.of,
    wasSent: (clientId, messageId) => persistence.wasSent(clientId, messageId),
    keepSent: (clientId, packet) => persistence.keepSent(clientId, packet),
  })

  const acknowledgements = createAcknowledgements()
  const publishOnce = createExactlyOnce({
    publish: handler.publish,
    connectionOf: connections.of,
    isHeld: (clientId, packet) => persistence.holdsIncoming(clientId, packet),
  })
  const fastPath =
    deviceHandler &&
    createFastPath({
      limits,
      counters,
      acknowledge: acknowledgements.add,
      ingest: deviceHandler.ingestLimited,
      topicOf: deviceHandler.topicOf,
      isSubscribed: (client) =>
        connections.of(client).filters.size > 0 || persistence.hasSubscriptions(client.id),
    })

  const aedes = new Aedes({
    persistence,
    // Deliveries never queue behind one another: a device that does not read holds up only itself.
    concurrency: 0,
    drainTimeout: limits.drainTimeoutMs,
    connectTimeout: limits.connectTimeoutMs,
    maxInflightInbound: limits.inboundQos2,
    maxTopicLevels: limits.topicLevels,
    maxClientsIdLength: MAX_CLIENT_ID,
    preConnect(client, packet, callback) {
      const connection = connections.of(client)
      const { keepalive = 0 } = packet
      const keepAliveS = keepalive === 0 ? limits.keepAliveS : Math.min(keepalive, limits.keepAliveS)
      // [MQTT-3.1.2-24]; aedes hears nothing of the fast path, so its own timer stays off.
      connection.maxSilenceMs = keepAliveS * 1500
      packet.keepalive = 0
      // Its own name for itself may be a device's.
      if (gateways?.has(packet.username ?? '') === true)
        packet.clientId = gatewayClientId(packet.username ?? '')
      connection.request = {
        clientId: packet.clientId,
        username: packet.username,
        clean: packet.clean ?? true,
        ...(packet.will ? { will: { topic: packet.will.topic, bytes: packet.will.payload.length } } : {}),
        ...(connection.certificateName === undefined ? {} : { certificateName: connection.certificateName }),
      }
      callback(null, true)
    },
    authenticate(client, _username, password, callback) {
      void authenticate(connections.of(client), password).then((code) => {
        if (code === undefined) callback(null, true)
        else callback(Object.assign(new Error('refused'), { returnCode: code }), false)
      })
    },
    authorizePublish(client, packet, callback) {
      const connection = client === null ? undefined : connections.of(client)
      const isWill = packet.cmd !== 'publish'
      // [MQTT-3.14.4-3]
      if (isWill && connection?.socket.isDisconnecting === true) return callback(new Error('no will is due'))
      if (connection !== undefined) connection.aedesPending += 1
      publishOnce(client, packet, (error) => {
        // aedes answers next, and PUBACKs must leave in the order of the messages.
        if (connection !== undefined) {
          connection.aedesPending -= 1
          acknowledgements.flush(connection)
        }
        if (!error) pendingRetained.add(packet)
        callback(error)
      })
    },
    authorizeSubscribe: subscriptions.authorize,
    authorizeForward: subscriptions.forward,
  })
  aedes.on('client', (client) => {
    counters.countConnect()
    connections.online(client)
    if (!client.clean) connections.of(client).inflight.startAt(persistence.nextPacketId(client.id))
    tryWrite(() => (client.clean ? persistence.endSession(client.id) : persistence.touch(client.id)))
  })
  aedes.on('clientDisconnect', (client) => {
    connections.offline(client)
    if (!client.clean && !closing) tryWrite(() => persistence.touch(client.id))
  })
  aedes.on('publish', pendingRetained.remove)
  aedes.on('connackSent', (_connack, client) => connections.of(client).socket.answered())
  aedes.on('subscribe', (_filters, client) => connections.of(client).socket.answered())
  aedes.on('unsubscribe', (topics, client) => {
    const { filters, socket } = connections.of(client)
    for (const topic of topics) filters.delete(topic)
    socket.answered()
  })
  aedes.on('clientError', (client, error) => log.debug({ err: error, device: client.id }, 'connection ended'))
  aedes.on('connectionError', (_client, error) => {
    if (error.message === 'connect did not arrive in time') counters.countRefusal('connect_timeout')
  })
  // Errors of aedes itself, such as a session file that cannot be written, are missing from its types.
  const emitter: NodeJS.EventEmitter = aedes
  emitter.on('error', (error: unknown) => log.error({ err: error }, 'internal error of the broker'))

  /** Nobody catches an error thrown in a listener of aedes, and a full disk must not end the process. */
  function tryWrite(write: () => void): void {
    try {
      write()
    } catch (error) {
      if (unsaved === undefined) log.error({ err: error }, 'the session file cannot be written')
      unsaved = error instanceof Error ? error.message : String(error)
    }
  }

  /** Once a device has not been able to leave its session, it takes a write of our own to know that the next can. */
  function probeFile(): void {
    tryWrite(() => {
      persistence.retryDeletes()
      persistence.probe()
      if (unsaved !== undefined) log.info({}, 'the session file can be written again')
      unsaved = undefined
    })
  }

  function accept(incoming: Incoming): void {
    if (closing || incoming.stream.destroyed) return
    aedes.handle(connections.add(incoming))
  }

  let sinceExpiryMs = 0
  const everySecond = setInterval(() => {
    counters.roll()
    rateLimiter.sweep()
    pendingRetained.sweep()
    connections.endSilent(Date.now())
    if (unsaved !== undefined || sinceExpiryMs % PROBE_INTERVAL_MS === 0) probeFile()
    else tryWrite(() => persistence.retryDeletes())
    sinceExpiryMs = (sinceExpiryMs + 1000) % EXPIRY_INTERVAL_MS
    if (sinceExpiryMs !== 0) return
    persistence
      .expire(connections.isOnline)
      .catch((error: unknown) => log.error({ err: error }, 'expired sessions could not be deleted'))
  }, 1000)
  let listeners: Listeners | undefined

  return {
    async listen(wanted) {
      await aedes.listen()
      listeners = await openListeners(wanted, {
        limits,
        connectionLimiter,
        log,
        certificate: options.tls,
        refused: counters.countRefusal,
        onConnection: accept,
      })
      return listeners.addresses
    },
    disconnect: connections.end,
    publishCommand: (deviceId, name, payload) =>
      new Promise((sent, failed) => {
        const topic = commandTopic(deviceId, name)
        aedes.publish({ cmd: 'publish', topic, payload, qos: 1, retain: false, dup: false }, (error) =>
          error ? failed(error) : sent(),
        )
      }),
    renewCertificate: (certificate) => listeners?.renew(certificate),
    stats: () => ({
      ...counters.read(),
      clients: connections.onlineCount(),
      pending: connectionLimiter.pending(),
      dropped: persistence.dropped(),
      unsaved,
    }),
    async close() {
      if (closing) return
      closing = true
      const listenersClosed = listeners?.close()
      clearInterval(everySecond)
      connections.stopReading()
      // What has been read is still answered, so that a device need not send it again.
      for (let waitedMs = 0; handler.inFlight() > 0 && waitedMs < MAX_DRAIN_MS; waitedMs += 10)
        await sleep(10)
      await new Promise<void>((closed) => aedes.close(closed))
      connectionLimiter.close()
      await listenersClosed
      rateLimiter.close()
      persistence.close()
    },
  }
}
