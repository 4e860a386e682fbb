import type { Client } from 'aedes'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Connection, Done } from './connection.ts'
import type { Publish } from './publish-handler.ts'

interface ExactlyOnceParts {
  readonly publish: Publish
  readonly connectionOf: (client: Client) => Connection
  /** True while this message waits for its PUBREL. */
  readonly isHeld: (clientId: string, packet: Parameters<Publish>[1]) => boolean
}

/** Turns of the event loop within which aedes has stored what it was allowed to take. */
const MAX_TURNS = 100

/**
 * [MQTT-4.3.3-2]: a QoS 2 message that is sent again before its PUBREL is answered again and goes no
 * further. aedes knows that only after the message has been authorized, and not for two in one read.
 */
export function createExactlyOnce({ publish, connectionOf, isHeld }: ExactlyOnceParts): Publish {
  return (client, packet, callback) => {
    const { messageId } = packet
    if (client === null || packet.qos !== 2 || packet.cmd !== 'publish' || messageId === undefined) {
      return publish(client, packet, callback)
    }
    if (isHeld(client.id, packet)) return callback()
    const { exactlyOnce } = connectionOf(client)
    const repeats = exactlyOnce.get(messageId)
    if (repeats !== undefined) return void repeats.push(callback)
    exactlyOnce.set(messageId, [])
    publish(client, packet, (error) => {
      callback(error)
      void answerRepeats(client, { ...packet, messageId }, error)
    })
  }

  async function answerRepeats(
    client: Client,
    packet: Parameters<Publish>[1] & { readonly messageId: number },
    error: Parameters<Done>[0],
  ): Promise<void> {
    const { messageId } = packet
    for (let turn = 0; turn < MAX_TURNS && !error && !isHeld(client.id, packet); turn++) {
      await nextTurn()
    }
    const { exactlyOnce } = connectionOf(client)
    const repeats = exactlyOnce.get(messageId) ?? []
    exactlyOnce.delete(messageId)
    for (const answer of repeats) answer(error)
  }
}
