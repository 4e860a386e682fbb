import type { Client, PublishPacket } from 'aedes'
import type { Penalties } from '#contract/penalties.ts'
import type { DeviceTopic } from '#contract/topics.ts'
import { isRetained, mayPublish } from './authorize.ts'
import type { Connection, DevicePublish, Done } from './connection.ts'
import type { BrokerLog } from './log.ts'
import type { Meter } from './meter.ts'
import type { Pacer } from './pacer.ts'
import type { RefusalReason } from './refusals.ts'
import { isInternal } from './rules.ts'

/** Decides about a message before it is acknowledged; a will comes without `cmd`, perhaps without a client. */
export type Publish = (
  client: Client | null,
  packet: Omit<PublishPacket, 'cmd'> & { cmd?: 'publish'; clientId?: string },
  callback: Done,
) => void

/** Calls back once the message is on disk; an error means that it is not. */
export type Ingest = (message: DevicePublish, done: Done) => void

/** A device's answer to a command. */
export interface CommandResult {
  readonly deviceId: string
  readonly name: string
  readonly body: Buffer
}

interface PublishHandlerParts {
  readonly ingest: Ingest
  readonly commandResult?: (result: CommandResult) => void
  readonly meter: Meter
  readonly pacer: Pacer
  readonly denials: Penalties
  readonly log: BrokerLog
  readonly isClosing: () => boolean
  readonly connectionOf: (client: Client) => Connection
}

const CLOSING = new Error('the broker closes, the client did not')
const LEFT = new Error('the device left before its turn came')

/** Of an entrance whose messages go to other clients and nowhere else. */
export function createOpenPublishHandler({
  meter,
  isClosing,
}: Pick<PublishHandlerParts, 'meter' | 'isClosing'>) {
  const publish: Publish = (_client, packet, callback) => {
    if (packet.cmd !== 'publish' && isClosing()) return callback(CLOSING)
    meter.message()
    callback(isInternal(packet.topic) ? new Error(`${packet.topic} is the broker's own`) : undefined)
  }
  return { publish, inFlight: () => 0 }
}

/**
 * Every message of a device comes through here, wills included. aedes sends PUBACK right after this
 * hook calls back and before it publishes: so the journal is written here and nowhere later.
 */
export function createPublishHandler(parts: PublishHandlerParts) {
  const { ingest, commandResult, meter, pacer, denials, log, isClosing, connectionOf } = parts
  let inFlight = 0

  /** No acknowledgement: the device keeps the message, its connection is closed. */
  function turnAway(deviceId: string, reason: RefusalReason, error: Error): Error {
    meter.refuse(reason)
    const first = denials.earned(deviceId, Date.now()) === 0
    denials.strike(deviceId, Date.now())
    if (first) log.warn({ device: deviceId, reason, err: error }, 'a device was turned away')
    return error
  }

  /** A device says the same topic over and over. */
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
    // The will of a connection that died with an earlier process has no client any more.
    const deviceId = client?.id ?? packet.clientId ?? ''
    const isWill = packet.cmd !== 'publish'
    if (isWill && isClosing()) return callback(CLOSING)
    const topic = client === null ? mayPublish(deviceId, packet.topic) : topicOf(client, packet.topic)
    if (topic === undefined) {
      return callback(
        turnAway(deviceId, 'foreign_topic', new Error(`foreign topic ${packet.topic.slice(0, 200)}`)),
      )
    }
    meter.message()
    const body = typeof packet.payload === 'string' ? Buffer.from(packet.payload) : packet.payload
    if (topic.kind === 'command_result') {
      commandResult?.({ deviceId, name: topic.name, body })
      return callback()
    }
    if (!isRetained(topic)) packet.retain = false
    // Clears what is retained, and says nothing else.
    if (packet.retain && body.length === 0) return callback()
    const { kind: channel } = topic
    if (channel === 'command') throw new Error('a command passed for a device channel')
    const connection = client === null || isWill ? undefined : connectionOf(client)
    ingestPaced({ deviceId, channel, body, topic: packet.topic }, connection, callback)
  }

  /** With the connection that it came over; a will has outlived its own. */
  function ingestPaced(message: DevicePublish, connection: Connection | undefined, callback: Done): void {
    const { deviceId } = message
    inFlight++
    if (pacer.admits(deviceId)) return pass(message, connection, callback)
    pacer.wait(deviceId, {
      run: () => pass(message, connection, callback),
      isGone: () => connection?.socket.destroyed === true,
      leave() {
        inFlight--
        callback(LEFT)
      },
    })
  }

  /** Nothing of this holds on to the body: thousands are on their way at a time. */
  function pass(message: DevicePublish, connection: Connection | undefined, callback: Done): void {
    const { deviceId } = message
    ingest(message, (error) => {
      inFlight--
      // Of all that fail on one connection the first ends it, and counts.
      if (error && connection?.socket.destroyed !== true) callback(turnAway(deviceId, 'ingest_failed', error))
      else callback(error)
    })
  }

  return { publish, ingestPaced, topicOf, inFlight: () => inFlight }
}
