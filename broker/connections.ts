import type { Client } from 'aedes'
import type { Connection } from './connection.ts'
import { DeviceSocket, type DeviceSocketParts } from './device-socket.ts'
import { createInflight } from './inflight.ts'
import type { BrokerLimits } from './limits.ts'
import type { Incoming } from './listeners.ts'
import type { RefusalReason } from './refusals.ts'

/** The part of the fast path that a connection needs. */
interface FastPath {
  take(connection: Connection, bytes: Buffer): number
  isFull(connection: Connection): boolean
}

function isAnswered({ aedesPending, exactlyOnce, fastPending, pubacks }: Connection): boolean {
  return aedesPending === 0 && exactlyOnce.size === 0 && fastPending === 0 && pubacks.length === 0
}

/** Every open connection, and which of them belongs to which device. */
export function createConnections(
  limits: BrokerLimits,
  refused: (reason: RefusalReason) => void,
  fastPath: () => FastPath | undefined,
) {
  const open = new Set<Connection>()
  /** Holds closed connections too, as long as aedes holds their client. */
  const bySocket = new WeakMap<object, Connection>()
  const online = new Map<string, Client>()

  function add({ stream, peer, certificateName }: Incoming): DeviceSocket {
    const inflight = createInflight()
    const parts: DeviceSocketParts = {
      limits,
      takeFast: (bytes) => fastPath()?.take(connection, bytes) ?? 0,
      isFull: () => fastPath()?.isFull(connection) === true,
      mayAnswer: inflight.answer,
      isAnswered: () => isAnswered(connection),
      refused: ({ reason }) => refused(reason),
    }
    const socket = new DeviceSocket(stream, parts)
    const connection: Connection = {
      socket,
      peer,
      certificateName,
      request: undefined,
      deviceId: undefined,
      maxSilenceMs: undefined,
      filters: new Map(),
      inflight,
      exactlyOnce: new Map(),
      pubacks: [],
      lastTopic: undefined,
      client: undefined,
      fastPending: 0,
      aedesPending: 0,
    }
    open.add(connection)
    bySocket.set(socket, connection)
    socket.once('close', () => open.delete(connection))
    return socket
  }

  function of(client: Client): Connection {
    const connection = bySocket.get(client.conn)
    if (connection === undefined) throw new Error('a client without a connection')
    return connection
  }

  return {
    add,
    of,
    /** A reconnecting device takes over; aedes forgets to end the old connection when it is half closed. */
    online(client: Client): void {
      online.get(client.id)?.close()
      online.set(client.id, client)
      of(client).client = client
    },
    offline(client: Client): void {
      of(client).client = undefined
      if (online.get(client.id) === client) online.delete(client.id)
    },
    isOnline: (deviceId: string) => online.has(deviceId),
    onlineCount: () => online.size,
    /** A packet id for a queued message of this device; undefined when the device is offline again. */
    takePacketId(deviceId: string): number | undefined {
      const client = online.get(deviceId)
      return client && of(client).inflight.takePacketId()
    },
    end(deviceId: string): void {
      for (const connection of open) if (connection.deviceId === deviceId) connection.socket.destroy()
    },
    /** Called every second: ends connections that are silent beyond their keep-alive or hold memory with half a frame. */
    endSilent(now: number): void {
      for (const { socket, maxSilenceMs } of open) {
        if (socket.frameSince !== undefined && now - socket.frameSince >= limits.frameTimeoutMs) {
          refused('frame_timeout')
          socket.destroy()
        } else if (maxSilenceMs !== undefined && now - (socket.silentSince ?? now) > maxSilenceMs) {
          socket.destroy(new Error('keep-alive timeout'))
        }
      }
    },
    stopReading(): void {
      for (const { socket } of open) socket.stopReading()
    },
  }
}
