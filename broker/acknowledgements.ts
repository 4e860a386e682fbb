import type { Connection } from './connections.ts'

const PUBACK = 0x40

export interface Acknowledgements {
  /** The message is on disk. Its PUBACK leaves with the others of this turn, in one write. */
  owe(connection: Connection, messageId: number): void
  /** Sends at once what this connection is owed: another answer is to follow. */
  settle(connection: Connection): void
}

/** PUBACKs of one commit leave each connection together, in the order of the messages. */
export function createAcknowledgements(): Acknowledgements {
  let owing: Connection[] = []

  function settle({ stream, owed }: Connection): void {
    if (owed.length === 0) return
    const bytes = Buffer.allocUnsafe(owed.length * 4)
    for (const [index, id] of owed.entries()) bytes.writeUInt32BE((PUBACK << 24) | (2 << 16) | id, index * 4)
    owed.length = 0
    if (!stream.destroyed) stream.write(bytes)
  }

  function settleAll(): void {
    const connections = owing
    owing = []
    for (const connection of connections) settle(connection)
  }

  return {
    owe(connection, messageId) {
      if (owing.length === 0) queueMicrotask(settleAll)
      if (connection.owed.length === 0) owing.push(connection)
      connection.owed.push(messageId)
    },
    settle,
  }
}
