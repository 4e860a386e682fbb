import type { Aedes, Client, PublishPacket } from 'aedes'
import type { Connection } from './connections.ts'
import type { Publish } from './door.ts'

interface DirectParts {
  readonly publish: Publish
  readonly connectionOf: (client: Client) => Connection
  /** Whether anybody may be waiting for what this client publishes. */
  readonly isHeard: (client: Client) => boolean
}

/** As aedes calls it; its types know only the form without a client. */
type ToSubscribers = (packet: PublishPacket, client?: unknown, done?: () => void) => void

const PUBACK = 0x40
/** More than this unread, and aedes answers: it knows how to wait for a device that does not read. */
const UNREAD_BYTES = 16 * 1024

/**
 * Most of what devices say is for the journal alone: nobody subscribes to it. Such a message needs
 * neither a packet of its own for its answer nor a search for subscribers: the PUBACKs of one commit
 * leave each connection in one write, in the order of the messages.
 */
export function createDirectAnswers({ publish, connectionOf, isHeard }: DirectParts) {
  let owing: Connection[] = []

  function send(connection: Connection): void {
    const { stream, owed } = connection
    if (owed.length === 0) return
    const bytes = Buffer.allocUnsafe(owed.length * 4)
    for (const [index, id] of owed.entries()) bytes.writeUInt32BE((PUBACK << 24) | (2 << 16) | id, index * 4)
    owed.length = 0
    if (!stream.destroyed) stream.write(bytes)
  }

  function sendAll(): void {
    const connections = owing
    owing = []
    for (const connection of connections) send(connection)
  }

  function owe(connection: Connection, messageId: number): void {
    if (owing.length === 0) queueMicrotask(sendAll)
    if (connection.owed.length === 0) owing.push(connection)
    connection.owed.push(messageId)
  }

  const authorize: Publish = (client, packet, callback) => {
    publish(client, packet, (error) => {
      if (client === null || error || packet.cmd !== 'publish') return callback(error)
      const connection = connectionOf(client)
      const { messageId } = packet
      const direct = packet.qos === 1 && messageId !== undefined && isPrivate(client, packet)
      if (direct && connection.stream.writableLength < UNREAD_BYTES) {
        owe(connection, messageId)
        // For aedes it is answered.
        packet.qos = 0
      } else send(connection)
      callback()
    })
  }

  const isPrivate = (client: Client, packet: { retain: boolean }): boolean =>
    !packet.retain && !isHeard(client)

  return {
    authorize,
    owe,
    /** Ends the way of such a message before aedes looks for subscribers. */
    install(aedes: Aedes): void {
      const { publish: announce } = aedes
      const toSubscribers: ToSubscribers = (...values) => void Reflect.apply(announce, aedes, values)
      const toNobody: ToSubscribers = (packet, client, done) => {
        const direct = isClient(client) && packet.cmd === 'publish' && isPrivate(client, packet)
        if (direct && done !== undefined) setImmediate(done)
        else toSubscribers(packet, client, done)
      }
      Object.assign(aedes, { publish: toNobody })
    },
  }
}

function isClient(client: unknown): client is Client {
  return typeof client === 'object' && client !== null
}
