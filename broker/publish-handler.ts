import type { Client, PublishPacket } from 'aedes'
import type { Penalties } from '#contract/penalties.ts'
import { gatewayOfClient, type DeviceTopic } from '#contract/topics.ts'
import { isRetained, mayPublish } from './authorize.ts'
import type { Connection, DevicePublish, Done } from './connection.ts'
import type { BrokerLog } from './log.ts'
import type { Counters } from './counters.ts'
import type { RateLimiter } from './rate-limiter.ts'
import type { RefusalReason } from './refusals.ts'
import { isInternal } from './access-control.ts'
import type { GatewayAccess } from './gateways.ts'

/** Decides about a message before it is acknowledged; a will comes without `cmd`, perhaps without a client. */
export type Publish = (
  client: Client | null,
  packet: Omit<PublishPacket, 'cmd'> & { cmd?: 'publish'; clientId?: string },
  callback: Done,
) => void

/** Calls back once the message is on disk; an error means that it is not. */
export type Ingest = (message: DevicePublish, done: Done) => void

/** Whoever is refused, so that somebody can mend it. All of it is what a stranger says. */
export type HearRefused = (sender: {
  readonly reason: RefusalReason
  readonly clientId: string
  readonly topic?: string
  readonly body?: Uint8Array
}) => void

/** A device's answer to a command. */
export interface CommandResult {
  readonly deviceId: string
  readonly name: string
  readonly body: Buffer
}

interface PublishHandlerParts {
  readonly ingest: Ingest
  /** Hears of a device that publishes to a topic which is not its own. */
  readonly refused?: HearRefused
  readonly commandResult?: (result: CommandResult) => void
  readonly gateways?: GatewayAccess
  readonly counters: Counters
  readonly rateLimiter: RateLimiter
  readonly deniedDevices: Penalties
  readonly log: BrokerLog
  readonly isClosing: () => boolean
  readonly connectionOf: (client: Client) => Connection
}

const BROKER_CLOSING = new Error('no will is published because the broker is closing')
const DISCONNECTED = new Error('the device disconnected while its message waited for the rate limit')

/** Publishes of the open broker, which go to its other clients and nowhere else. */
export function createOpenPublishHandler({
  counters,
  isClosing,
}: Pick<PublishHandlerParts, 'counters' | 'isClosing'>) {
  const publish: Publish = (_client, packet, callback) => {
    if (packet.cmd !== 'publish' && isClosing()) return callback(BROKER_CLOSING)
    counters.countMessage()
    callback(isInternal(packet.topic) ? new Error(`${packet.topic} is the broker's own`) : undefined)
  }
  return { publish, inFlight: () => 0 }
}

/**
 * Every message of a device comes through here, wills included. aedes sends PUBACK right after this
 * hook calls back and before it publishes: so the journal is written here and nowhere later.
 */
export function createPublishHandler(parts: PublishHandlerParts) {
  const {
    ingest,
    commandResult,
    counters,
    rateLimiter,
    deniedDevices,
    log,
    isClosing,
    connectionOf,
    gateways,
  } = parts
  let inFlight = 0

  /** The message is not acknowledged, so the device keeps it, and its connection is closed. */
  function refuse(deviceId: string, reason: RefusalReason, error: Error): Error {
    counters.countRefusal(reason)
    const first = deniedDevices.earned(deviceId, Date.now()) === 0
    deniedDevices.strike(deviceId, Date.now())
    if (first)
      log.warn(
        { device: deviceId, reason, err: error },
        'device disconnected because its message was refused',
      )
    return error
  }

  function refuseTopic(clientId: string, packet: Pick<PublishPacket, 'topic' | 'payload'>): Error {
    parts.refused?.({ reason: 'foreign_topic', clientId, topic: packet.topic, body: bytesOf(packet) })
    return refuse(clientId, 'foreign_topic', new Error(`foreign topic ${packet.topic.slice(0, 200)}`))
  }

  /** Remembers the topic, since a device publishes to the same one again and again. */
  function topicOf(client: Client, topic: string): DeviceTopic | undefined {
    const connection = connectionOf(client)
    if (connection.lastTopic?.topic === topic) return connection.lastTopic.parsed
    const parsed = mayPublish(client.id, topic)
    if (parsed === undefined) return undefined
    const bytes = Buffer.from(`  ${topic}`)
    bytes.writeUInt16BE(bytes.length - 2)
    connection.lastTopic = { topic, parsed, bytes }
    return parsed
  }

  const publish: Publish = (client, packet, callback) => {
    // The will of a connection of an earlier process has no client any more.
    const deviceId = client?.id ?? packet.clientId ?? ''
    const isWill = packet.cmd !== 'publish'
    if (isWill && isClosing()) return callback(BROKER_CLOSING)
    if (gatewayOfClient(deviceId) !== undefined) return publishForeign(client, deviceId, packet, callback)
    const topic = client === null ? mayPublish(deviceId, packet.topic) : topicOf(client, packet.topic)
    if (topic === undefined) return callback(refuseTopic(deviceId, packet))
    counters.countMessage()
    const body = bytesOf(packet)
    if (topic.kind === 'command_result') {
      commandResult?.({ deviceId, name: topic.name, body })
      return callback()
    }
    if (!isRetained(topic)) packet.retain = false
    // An empty retained message only clears the retained one.
    if (packet.retain && body.length === 0) return callback()
    const { kind: channel } = topic
    if (channel === 'command') throw new Error('a command passed for a device channel')
    const connection = client === null || isWill ? undefined : connectionOf(client)
    ingestLimited({ deviceId, channel, body, topic: packet.topic }, connection, callback)
  }

  /** A gateway's message is read by its profiles, and is retained for nobody. */
  function publishForeign(
    client: Client | null,
    clientId: string,
    packet: Parameters<Publish>[1],
    callback: Done,
  ): void {
    if (gateways?.mayPublish(gatewayOfClient(clientId) ?? '', packet.topic) !== true)
      return callback(refuseTopic(clientId, packet))
    counters.countMessage()
    packet.retain = false
    const connection = client === null || packet.cmd !== 'publish' ? undefined : connectionOf(client)
    const message = {
      deviceId: clientId,
      channel: 'telemetry',
      body: bytesOf(packet),
      topic: packet.topic,
    } as const
    ingestLimited(message, connection, callback)
  }

  /** Ingests within the rate limit; a will has no connection any more. */
  function ingestLimited(message: DevicePublish, connection: Connection | undefined, callback: Done): void {
    const { deviceId } = message
    inFlight++
    if (rateLimiter.tryTake(deviceId)) return ingestNow(message, connection, callback)
    rateLimiter.enqueue(deviceId, {
      run: () => ingestNow(message, connection, callback),
      isGone: () => connection?.socket.destroyed === true,
      drop() {
        inFlight--
        callback(DISCONNECTED)
      },
    })
  }

  /** No closure here keeps the body in memory, since thousands of messages are on their way at a time. */
  function ingestNow(message: DevicePublish, connection: Connection | undefined, callback: Done): void {
    const { deviceId, topic, body } = message
    const gateway = gatewayOfClient(deviceId)
    const answered: Done = (error) => {
      inFlight--
      // Only the first failure on a connection ends it and is counted.
      if (error && connection?.socket.destroyed !== true) callback(refuse(deviceId, 'ingest_failed', error))
      else callback(error)
    }
    if (gateway === undefined) ingest(message, answered)
    else gateways?.take(gateway, { topic, bytes: body }, answered)
  }

  return { publish, ingestLimited, topicOf, inFlight: () => inFlight }
}

function bytesOf({ payload }: Pick<PublishPacket, 'payload'>): Buffer {
  return typeof payload === 'string' ? Buffer.from(payload) : payload
}
