import type { DeviceTopic } from '#contract/topics.ts'
import type { Client } from 'aedes'
import type { Duplex } from 'node:stream'
import type { ConnectRequest } from './authenticate.ts'
import type { Peer } from './admission.ts'
import type { Answer } from './door.ts'
import type { Express } from './express.ts'
import { guardStream, type Guard } from './guard.ts'
import type { BrokerLimits } from './limits.ts'
import type { Incoming } from './listeners.ts'
import { createOutstanding, type Outstanding } from './outstanding.ts'
import type { RefusalReason } from './refusals.ts'

export interface KnownTopic {
  readonly topic: string
  readonly parsed: DeviceTopic
  /** As a frame has it: two bytes of length and the text. */
  readonly bytes: Buffer
}

/** What is known of one connection. */
export interface Connection {
  readonly stream: Duplex
  readonly peer: Peer
  readonly certificateName: string | undefined
  readonly guard: Guard
  /** What its CONNECT said; undefined before. */
  request: ConnectRequest | undefined
  /** Set as soon as the CONNECT names a device, before its secret is checked. */
  deviceId: string | undefined
  /** Subscribed filters and the QoS granted to each. */
  readonly filters: Map<string, 0 | 1 | 2>
  readonly outstanding: Outstanding
  /** QoS 2 messages on their way through the door, and who waits for the same answer. */
  readonly arriving: Map<number, Answer[]>
  /** Messages that are on disk and whose PUBACK leaves at the end of this turn. */
  readonly owed: number[]
  /** The last topic that was published to, and what it is. */
  known: KnownTopic | undefined
  /** Once it is signed in, until it is gone. */
  client: Client | undefined
  /** Messages between the socket and the disk that no packet was made of. */
  onTheWay: number
  /** Messages that aedes waits for an answer to. */
  atTheDoor: number
  /** Its socket is not read until they have arrived. */
  isHeld: boolean
}

/** As aedes keeps it; not in its types. It publishes the will of a client that has not said DISCONNECT. */
type Leaving = Client & { _disconnected: boolean }

function isAnswered({ atTheDoor, arriving, onTheWay, owed }: Connection): boolean {
  return atTheDoor === 0 && arriving.size === 0 && onTheWay === 0 && owed.length === 0
}

/** Every open connection, and which of them belongs to which device. */
export function createConnections(
  limits: BrokerLimits,
  refused: (reason: RefusalReason) => void,
  express: () => Express | undefined,
) {
  const open = new Map<Duplex, Connection>()
  /** Also of closed ones, as long as aedes holds the client. */
  const byStream = new WeakMap<Duplex, Connection>()
  const online = new Map<string, Client>()
  /** Since when a frame has not been whole. */
  const unfinished = new Map<Duplex, number>()

  return {
    add({ stream, peer, certificateName }: Incoming): void {
      const guard = guardStream(stream, limits, {
        refused({ reason, connack }) {
          refused(reason)
          if (connack === undefined) stream.destroy()
          else stream.end(Buffer.from([0x20, 2, 0, connack]), () => stream.destroy())
        },
        mayRead: () => express()?.mayRead(connection) ?? true,
        take: (bytes) => express()?.take(connection, bytes) ?? 0,
        answers: (type, messageId) => outstanding.answer(type, messageId),
        leaves() {
          if (connection.client !== undefined) (connection.client as Leaving)._disconnected = true
        },
        mayLeave: () => isAnswered(connection),
        unfinished(since) {
          if (since === undefined) unfinished.delete(stream)
          else unfinished.set(stream, since)
        },
      })
      const outstanding = createOutstanding()
      const filters = new Map<string, 0 | 1 | 2>()
      const connection: Connection = {
        stream,
        peer,
        certificateName,
        guard,
        filters,
        outstanding,
        arriving: new Map<number, Answer[]>(),
        owed: [],
        known: undefined,
        client: undefined,
        onTheWay: 0,
        atTheDoor: 0,
        isHeld: false,
        request: undefined,
        deviceId: undefined,
      }
      open.set(stream, connection)
      byStream.set(stream, connection)
      stream.once('close', () => {
        open.delete(stream)
        unfinished.delete(stream)
      })
    },
    of(client: Client): Connection {
      const connection = byStream.get(client.conn)
      if (connection === undefined) throw new Error('a client without a connection')
      return connection
    },
    /** A reconnecting device takes over; aedes forgets to end the old connection when it is half closed. */
    online(client: Client): void {
      online.get(client.id)?.close()
      online.set(client.id, client)
      const connection = byStream.get(client.conn)
      if (connection !== undefined) connection.client = client
    },
    offline: (client: Client) => {
      const connection = byStream.get(client.conn)
      if (connection !== undefined) connection.client = undefined
      if (online.get(client.id) === client) online.delete(client.id)
    },
    isOnline: (deviceId: string) => online.has(deviceId),
    onlineCount: () => online.size,
    end(deviceId: string): void {
      for (const connection of open.values()) {
        if (connection.deviceId === deviceId) connection.stream.destroy()
      }
    },
    /** A frame that trickles in holds memory for as long as it likes; here it does not. */
    endSlowFrames(now: number): void {
      for (const [stream, since] of unfinished) {
        if (now - since < limits.frameTimeoutMs) continue
        refused('frame_timeout')
        stream.destroy()
      }
    },
    stopReading(): void {
      for (const { guard } of open.values()) guard.stop()
    },
  }
}
