import type { DeviceTopic } from '#contract/topics.ts'
import type { Client } from 'aedes'
import type { Acknowledgements } from './acknowledgements.ts'
import type { Connection } from './connections.ts'
import type { Answer, DevicePublish } from './door.ts'
import { endOfFrame } from './frames.ts'
import type { BrokerLimits } from './limits.ts'
import type { Meter } from './meter.ts'

interface ExpressParts {
  readonly limits: Pick<BrokerLimits, 'frameBytes'>
  readonly meter: Pick<Meter, 'message'>
  /** Lets a message in; calls back when it is on disk. */
  readonly enter: (message: DevicePublish, connection: Connection, callback: Answer) => void
  /** Whether anybody may be waiting for what this client publishes. */
  readonly isHeard: (client: Client) => boolean
  readonly owe: Acknowledgements['owe']
  /** What the topic is that this client publishes to, and remembers it; undefined: it may not. */
  readonly topicOf: (client: Client, topic: string) => DeviceTopic | undefined
}

interface Frame {
  readonly messageId: number
  readonly topicAt: number
  readonly bodyAt: number
  readonly end: number
}

/** As aedes keeps it; not in its types. */
interface KeepAlive {
  readonly _keepaliveTimer?: NodeJS.Timeout | null
}

/** A PUBLISH at QoS 1 that is not to be retained, sent for the first time or again. */
const FIRST_TIME = 0x32
const AGAIN = 0x3a
const LENGTH_BYTES = 2
const PACKET_ID_BYTES = 2
/** Of one device on their way to the disk; its socket is not read meanwhile. */
const MOST_ON_THE_WAY = 200
/** More than this unread, and aedes answers: it knows how to wait for a device that does not read. */
const UNREAD_BYTES = 16 * 1024

/**
 * The way of nearly every frame: a device that has signed in says at QoS 1, on a topic of its own,
 * something that nobody but the journal waits for. Such frames go from the socket to the door without a
 * packet being made of each. Everything else takes the way through aedes, behind them.
 */
export function createExpress({ limits, meter, enter, isHeard, owe, topicOf }: ExpressParts) {
  /** Takes such frames from the front of the bytes; says how many bytes that were. */
  function take(connection: Connection, bytes: Buffer): number {
    const { client, stream } = connection
    // Until then aedes is still sending what has waited for it.
    if (client?.connected !== true || stream.writableLength >= UNREAD_BYTES || isHeard(client)) return 0
    let taken = 0
    // A message that cannot be kept ends the connection, and with it what lies behind.
    while (!stream.destroyed && connection.onTheWay < MOST_ON_THE_WAY) {
      const frame = frameAt(bytes, taken)
      const known = frame && topicAt(connection, client, bytes, frame)
      if (frame === undefined || known === undefined) break
      const { kind: channel } = known.parsed
      if (channel === 'command' || channel === 'command_result') break
      taken = frame.end
      const body = bytes.subarray(frame.bodyAt, frame.end)
      send(connection, client, { deviceId: client.id, channel, topic: known.topic, body }, frame.messageId)
    }
    if (taken > 0) (client as KeepAlive)._keepaliveTimer?.refresh()
    return taken
  }

  function send(connection: Connection, client: Client, message: DevicePublish, messageId: number): void {
    connection.onTheWay += 1
    meter.message()
    enter(message, connection, (error) => {
      connection.onTheWay -= 1
      if (connection.stream.destroyed) return
      if (error) return void client.emit('error', error)
      owe(connection, messageId)
      if (!connection.isHeld || connection.onTheWay > 0) return
      connection.isHeld = false
      setImmediate(() => connection.stream.emit('readable'))
    })
  }

  /** A whole frame of that kind; undefined for any other. */
  function frameAt(bytes: Buffer, at: number): Frame | undefined {
    const first = bytes[at]
    if (first !== FIRST_TIME && first !== AGAIN) return undefined
    const end = endOfFrame(bytes, at)
    if (end === undefined || end > bytes.length) return undefined
    let topicAt = at + 1
    while ((bytes[topicAt] ?? 0) >= 0x80) topicAt += 1
    topicAt += 1
    if (end - topicAt > limits.frameBytes || topicAt + LENGTH_BYTES > end) return undefined
    const idAt = topicAt + LENGTH_BYTES + bytes.readUInt16BE(topicAt)
    const bodyAt = idAt + PACKET_ID_BYTES
    if (bodyAt > end) return undefined
    const messageId = bytes.readUInt16BE(idAt)
    return messageId === 0 ? undefined : { messageId, topicAt, bodyAt, end }
  }

  /** The topic of a frame: nearly always the one that the device spoke on last. */
  function topicAt(connection: Connection, client: Client, bytes: Buffer, frame: Frame) {
    const end = frame.bodyAt - PACKET_ID_BYTES
    if (isHere(connection.known?.bytes, bytes, frame.topicAt, end)) return connection.known
    // Topics of ours are ASCII.
    const topic = bytes.toString('latin1', frame.topicAt + LENGTH_BYTES, end)
    return topicOf(client, topic) === undefined ? undefined : connection.known
  }

  return {
    take,
    /** False while enough of this device is on its way: then it is told to read when they have arrived. */
    mayRead(connection: Connection): boolean {
      connection.isHeld = connection.onTheWay >= MOST_ON_THE_WAY
      return !connection.isHeld
    },
  }
}

/** Whether these bytes, and no more, lie there. */
function isHere(wanted: Buffer | undefined, bytes: Buffer, from: number, end: number): boolean {
  if (wanted?.length !== end - from) return false
  for (let n = 0; n < wanted.length; n += 1) if (bytes[from + n] !== wanted[n]) return false
  return true
}

export type Express = ReturnType<typeof createExpress>
