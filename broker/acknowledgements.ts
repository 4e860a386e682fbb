import type { Connection } from './connection.ts'

const PUBACK = 0x40

export interface Acknowledgements {
  /** The message is on disk. Its PUBACK leaves with the others of this turn, in one write. */
  add(connection: Connection, messageId: number): void
  /** Sends the PUBACKs of this connection at once, since another answer follows. */
  flush(connection: Connection): void
}

/** PUBACKs of one commit leave each connection together, in the order of the messages. */
export function createAcknowledgements(): Acknowledgements {
  let waiting: Connection[] = []

  function flush({ socket, pubacks }: Connection): void {
    if (pubacks.length === 0) return
    const bytes = Buffer.allocUnsafe(pubacks.length * 4)
    for (const [index, id] of pubacks.entries())
      bytes.writeUInt32BE((PUBACK << 24) | (2 << 16) | id, index * 4)
    pubacks.length = 0
    if (!socket.destroyed) socket.send(bytes)
  }

  function flushAll(): void {
    const connections = waiting
    waiting = []
    for (const connection of connections) flush(connection)
  }

  return {
    add(connection, messageId) {
      if (waiting.length === 0) queueMicrotask(flushAll)
      if (connection.pubacks.length === 0) waiting.push(connection)
      connection.pubacks.push(messageId)
    },
    flush,
  }
}
