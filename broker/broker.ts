import { Aedes } from 'aedes'
import { setTimeout as sleep } from 'node:timers/promises'
import { createPenalties } from '#contract/penalties.ts'
import { commandTopic } from '#contract/topics.ts'
import { createAcknowledgements } from './acknowledgements.ts'
import { createAdmission } from './admission.ts'
import { createConnections } from './connections.ts'
import { createFastPath } from './fast-path.ts'
import { createExactlyOnce } from './exactly-once.ts'
import { createSignIn, type Authenticate } from './sign-in.ts'
import { DEFAULT_LIMITS, PENALTIES, type BrokerLimits } from './limits.ts'
import {
  openListeners,
  type Addresses,
  type Certificate,
  type Incoming,
  type Listeners,
  type Where,
} from './listeners.ts'
import type { BrokerLog } from './log.ts'
import { createMeter, type BrokerStats } from './meter.ts'
import { createPacer } from './pacer.ts'
import { DiskPersistence } from './persistence.ts'
import {
  createOpenPublishHandler,
  createPublishHandler,
  type CommandResult,
  type Ingest,
} from './publish-handler.ts'
import { createRetaining } from './retaining.ts'
import { DEVICE_RULES, OPEN_RULES } from './rules.ts'
import { createSubscriptions } from './subscriptions.ts'

export interface BrokerOptions {
  readonly authenticate: Authenticate
  readonly ingest: Ingest
  readonly commandResult?: (result: CommandResult) => void
  readonly limits?: Partial<BrokerLimits>
  /** SQLite file of sessions, retained messages and wills. */
  readonly persistencePath: string
  readonly log: BrokerLog
  readonly tls?: Certificate
  /** For public conformance suites: any client and any topic; nothing is ingested. */
  readonly open?: boolean
}

export interface Broker {
  listen(where: Where): Promise<Addresses>
  /** Ends the device's connections, also one that is just signing in. */
  disconnect(deviceId: string): void
  /** Resolves when the command is sent or, for an absent device with a session, on disk. */
  publishCommand(deviceId: string, name: string, payload: string | Buffer): Promise<void>
  renewCertificate(certificate: Certificate): void
  stats(): BrokerStats
  close(): Promise<void>
}

const EXPIRY_EVERY_MS = 10 * 60_000
const DRAIN_MS = 5000

/** The MQTT entrance: aedes behind hard limits. It knows devices and topics, nothing of tickets. */
export function createBroker(options: BrokerOptions): Broker {
  const { log } = options
  const limits: BrokerLimits = { ...DEFAULT_LIMITS, ...options.limits }
  const meter = createMeter()
  const pacer = createPacer(limits)
  const denials = createPenalties(PENALTIES)
  const admission = createAdmission(limits, meter.refuse)
  const connections = createConnections(limits, meter.refuse, () => fastPath)
  const rules = options.open === true ? OPEN_RULES : DEVICE_RULES
  let closing = false

  const persistence = new DiskPersistence({
    path: options.persistencePath,
    limits,
    maySubscribe: rules.maySubscribe,
    marksSessions: true,
    keepsWill: (deviceId) => closing || connections.isOnline(deviceId),
    now: Date.now,
    takePacketId: connections.takePacketId,
    damaged: (kept) => log.error({ kept }, 'the session file was damaged: sessions and commands begin anew'),
  })
  const isClosing = (): boolean => closing
  const deviceHandler =
    options.open === true
      ? undefined
      : createPublishHandler({ ...options, meter, pacer, denials, isClosing, connectionOf: connections.of })
  const handler = deviceHandler ?? createOpenPublishHandler({ meter, isClosing })
  const signIn = createSignIn({ ...options, judge: rules.judge, limits, meter, denials, admission })
  const retaining = createRetaining()
  const subscriptions = createSubscriptions({
    rules,
    limits,
    retaining,
    meter,
    connectionOf: connections.of,
    wasSent: (clientId, messageId) => persistence.wasSent(clientId, messageId),
    keep: (clientId, packet) => persistence.keepSent(clientId, packet),
  })

  const acknowledgements = createAcknowledgements()
  const takeIn = createExactlyOnce({
    publish: handler.publish,
    connectionOf: connections.of,
    isHeld: (clientId, packet) => persistence.holdsIncoming(clientId, packet),
  })
  const fastPath =
    deviceHandler &&
    createFastPath({
      limits,
      meter,
      acknowledge: acknowledgements.add,
      ingest: deviceHandler.ingestPaced,
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
    maxClientsIdLength: 64,
    preConnect(client, packet, callback) {
      const connection = connections.of(client)
      const { keepalive = 0 } = packet
      const keepAliveS = keepalive === 0 ? limits.keepAliveS : Math.min(keepalive, limits.keepAliveS)
      // [MQTT-3.1.2-24]; aedes hears nothing of the fast path, so its own timer stays off.
      connection.maxSilenceMs = keepAliveS * 1500
      packet.keepalive = 0
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
      void signIn(connections.of(client), password).then((code) => {
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
      takeIn(client, packet, (error) => {
        // aedes answers next, and answers leave in the order of the messages.
        if (connection !== undefined) {
          connection.aedesPending -= 1
          acknowledgements.flush(connection)
        }
        if (!error) retaining.begin(packet)
        callback(error)
      })
    },
    authorizeSubscribe: subscriptions.authorize,
    authorizeForward: subscriptions.forward,
  })
  aedes.on('client', (client) => {
    meter.connect()
    connections.online(client)
    if (!client.clean) connections.of(client).inflight.startAt(persistence.nextPacketId(client.id))
    onDisk(() => (client.clean ? persistence.endSession(client.id) : persistence.touch(client.id)))
  })
  aedes.on('clientDisconnect', (client) => {
    connections.offline(client)
    if (!client.clean && !closing) onDisk(() => persistence.touch(client.id))
  })
  aedes.on('publish', retaining.end)
  aedes.on('connackSent', (_connack, client) => connections.of(client).socket.answered())
  aedes.on('subscribe', (_filters, client) => connections.of(client).socket.answered())
  aedes.on('unsubscribe', (topics, client) => {
    const { filters, socket } = connections.of(client)
    for (const topic of topics) filters.delete(topic)
    socket.answered()
  })
  aedes.on('clientError', (client, error) => log.debug({ err: error, device: client.id }, 'connection ended'))
  aedes.on('connectionError', (_client, error) => {
    if (error.message === 'connect did not arrive in time') meter.refuse('connect_timeout')
  })
  // Of aedes itself, such as a session file that cannot be written: not in its types.
  const faults: NodeJS.EventEmitter = aedes
  faults.on('error', (error: unknown) => log.error({ err: error }, 'the broker failed at something'))

  /** A full disk must not end the broker: an error within an event of aedes would be nobody's. */
  function onDisk(write: () => void): void {
    try {
      write()
    } catch (error) {
      log.error({ err: error }, 'the session file cannot be written')
    }
  }

  function accept(incoming: Incoming): void {
    if (closing || incoming.stream.destroyed) return
    aedes.handle(connections.add(incoming))
  }

  let sinceExpiryMs = 0
  const everySecond = setInterval(() => {
    meter.roll()
    pacer.sweep()
    retaining.sweep()
    connections.endSilent(Date.now())
    onDisk(() => persistence.settle())
    sinceExpiryMs = (sinceExpiryMs + 1000) % EXPIRY_EVERY_MS
    if (sinceExpiryMs !== 0) return
    persistence
      .expire(connections.isOnline)
      .catch((error: unknown) => log.error({ err: error }, 'old sessions could not be forgotten'))
  }, 1000)
  let listeners: Listeners | undefined

  return {
    async listen(where) {
      await aedes.listen()
      listeners = await openListeners(where, {
        limits,
        admission,
        log,
        certificate: options.tls,
        refused: meter.refuse,
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
      ...meter.read(),
      clients: connections.onlineCount(),
      pending: admission.pending(),
      dropped: persistence.dropped(),
    }),
    async close() {
      if (closing) return
      closing = true
      const listenersClosed = listeners?.close()
      clearInterval(everySecond)
      connections.stopReading()
      // What has been read is still answered, so that a device need not send it again.
      for (let waitedMs = 0; handler.inFlight() > 0 && waitedMs < DRAIN_MS; waitedMs += 10) await sleep(10)
      await new Promise<void>((closed) => aedes.close(closed))
      admission.close()
      await listenersClosed
      pacer.close()
      persistence.close()
    },
  }
}
