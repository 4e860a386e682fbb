import type { PublishPacket } from 'aedes'
import { setImmediate as nextTurn } from 'node:timers/promises'

type Retained = Pick<PublishPacket, 'retain' | 'qos'>

/**
 * Retained messages that aedes has acknowledged and does not hold yet. A subscription that follows such
 * an acknowledgement must find the message ([MQTT-3.3.1-6]), and once.
 */
export interface PendingRetained {
  add(packet: Retained): void
  remove(packet: Retained): void
  isEmpty(): boolean
  whenStored(): Promise<void>
  /** Called every second: forgets messages that aedes will not store because their connection broke before the answer. */
  sweep(): void
}

/** Turns of the event loop within which aedes has stored it; a broken connection never reports an end. */
const MAX_TURNS = 100

export function createPendingRetained(): PendingRetained {
  const pending = new Set<Retained>()
  let atLastSweep: readonly Retained[] = []

  return {
    add(packet) {
      // At QoS 2 it is stored before it is answered.
      if (packet.retain && packet.qos !== 2) pending.add(packet)
    },
    remove(packet) {
      pending.delete(packet)
    },
    isEmpty: () => pending.size === 0,
    async whenStored() {
      const waited = [...pending]
      for (let turn = 0; turn < MAX_TURNS && waited.some((one) => pending.has(one)); turn++) {
        await nextTurn()
      }
      for (const packet of waited) pending.delete(packet)
    },
    sweep() {
      for (const packet of atLastSweep) pending.delete(packet)
      atLastSweep = [...pending]
    },
  }
}
