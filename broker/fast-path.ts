import type { DeviceTopic } from '#contract/topics.ts'
import type { Client } from 'aedes'
import type { Acknowledgements } from './acknowledgements.ts'
import type { Connection, DevicePublish, Done } from './connection.ts'
import { endOfFrame, startOfBody } from './frames.ts'
import type { BrokerLimits } from './limits.ts'
import type { Counters } from './counters.ts'

interface FastPathParts {
  readonly limits: Pick<BrokerLimits, 'frameBytes'>
  readonly counters: Pick<Counters, 'countMessage'>
  /** Ingests a message; calls back when it is on disk. */
  readonly ingest: (message: DevicePublish, connection: Connection, callback: Done) => void
  /** Whether anybody may have subscribed to what this client publishes. */
  readonly isSubscribed: (client: Client) => boolean
  readonly acknowledge: Acknowledgements['add']
  /** The topic that this client publishes to, which the connection then remembers; undefined: it may not. */
  readonly topicOf: (client: Client, topic: string) => DeviceTopic | undefined
}

interface Frame {
  readonly messageId: number
  readonly topicAt: number
  readonly bodyAt: number
  readonly end: number
}

/** A PUBLISH at QoS 1 that is not to be retained, sent for the first time or again. */
const PUBLISH_QOS1 = 0x32
const PUBLISH_QOS1_DUP = 0x3a
const LENGTH_BYTES = 2
const PACKET_ID_BYTES = 2
/** With so many messages of one device on their way to the disk its socket is not read. */
const MAX_PENDING = 200
/** Where so many of all devices are, one has no more than a few: whoever floods must not make the others wait. */
const MANY_PENDING = 1000
const MAX_PENDING_OF_MANY = 10
/** With more than this unsent aedes answers, since it can wait for a device that does not read. */
const MAX_UNSENT_BYTES = 16 * 1024

/**
 * The way of nearly every frame: a device that has signed in publishes at QoS 1, on a topic of its own,
 * a message that only the journal waits for. Such frames go from the socket to the journal without a packet
 * object for each. All others go through aedes, behind them.
 */
export function createFastPath(parts: FastPathParts) {
  const { limits, counters, ingest, isSubscribed, acknowledge, topicOf } = parts
  let pending = 0

  /** Takes such frames from the front of the bytes; returns the number of bytes taken. */
  function take(connection: Connection, bytes: Buffer): number {
    const { client, socket } = connection
    // Until it is connected aedes is still sending what has waited for it.
    if (client?.connected !== true || socket.unsentBytes >= MAX_UNSENT_BYTES || isSubscribed(client)) return 0
    let taken = 0
    // A message that cannot be kept ends the connection, and with it what lies behind.
    while (!socket.destroyed && !isFull(connection)) {
      const frame = frameAt(bytes, taken)
      const known = frame && topicAt(connection, client, bytes, frame)
      if (frame === undefined || known === undefined) break
      const { kind: channel } = known.parsed
      if (channel === 'command' || channel === 'command_result') break
      taken = frame.end
      const body = bytes.subarray(frame.bodyAt, frame.end)
      publish(connection, client, { deviceId: client.id, channel, topic: known.topic, body }, frame.messageId)
    }
    return taken
  }

  function isFull({ fastPending }: Connection): boolean {
    return fastPending >= (pending < MANY_PENDING ? MAX_PENDING : MAX_PENDING_OF_MANY)
  }

  function publish(connection: Connection, client: Client, message: DevicePublish, messageId: number): void {
    connection.fastPending += 1
    pending += 1
    counters.countMessage()
    ingest(message, connection, (error) => {
      connection.fastPending -= 1
      pending -= 1
      if (connection.socket.destroyed) return
      if (error) return void client.emit('error', error)
      acknowledge(connection, messageId)
      if (connection.fastPending === 0) connection.socket.advanceSoon()
    })
  }

  /** A whole frame of that kind; undefined for any other. */
  function frameAt(bytes: Buffer, at: number): Frame | undefined {
    const first = bytes[at]
    if (first !== PUBLISH_QOS1 && first !== PUBLISH_QOS1_DUP) return undefined
    const end = endOfFrame(bytes, at)
    if (end === undefined || end > bytes.length) return undefined
    const topicAt = startOfBody(bytes, at)
    if (end - topicAt > limits.frameBytes || topicAt + LENGTH_BYTES > end) return undefined
    const idAt = topicAt + LENGTH_BYTES + bytes.readUInt16BE(topicAt)
    const bodyAt = idAt + PACKET_ID_BYTES
    if (bodyAt > end) return undefined
    const messageId = bytes.readUInt16BE(idAt)
    return messageId === 0 ? undefined : { messageId, topicAt, bodyAt, end }
  }

  /** The topic of a frame: nearly always the one that the device published to last. */
  function topicAt(connection: Connection, client: Client, bytes: Buffer, frame: Frame) {
    const end = frame.bodyAt - PACKET_ID_BYTES
    if (isHere(connection.lastTopic?.bytes, bytes, frame.topicAt, end)) return connection.lastTopic
    // The topics of devices are ASCII.
    const topic = bytes.toString('latin1', frame.topicAt + LENGTH_BYTES, end)
    return topicOf(client, topic) === undefined ? undefined : connection.lastTopic
  }

  return { take, isFull }
}

/** Whether these bytes, and no more, lie there. */
function isHere(wanted: Buffer | undefined, bytes: Buffer, from: number, end: number): boolean {
  if (wanted?.length !== end - from) return false
  for (let n = 0; n < wanted.length; n += 1) if (bytes[from + n] !== wanted[n]) return false
  return true
}
