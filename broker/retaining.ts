import type { PublishPacket } from 'aedes'
import { setImmediate as nextTurn } from 'node:timers/promises'

type Retained = Pick<PublishPacket, 'retain' | 'qos'>

/**
 * Retained messages that aedes has acknowledged and does not hold yet. A subscription that follows such
 * an acknowledgement must find the message ([MQTT-3.3.1-6]), and once.
 */
export interface Retaining {
  begin(packet: Retained): void
  end(packet: Retained): void
  isIdle(): boolean
  settled(): Promise<void>
  /** Called every second: forgets those that aedes will not store, whose connection broke off before its answer. */
  sweep(): void
}

/** Turns of the event loop within which aedes has stored it; a connection that broke off tells no end. */
const PATIENCE_TURNS = 100

export function createRetaining(): Retaining {
  const onTheWay = new Set<Retained>()
  let atLastSweep: readonly Retained[] = []

  return {
    begin(packet) {
      // At QoS 2 it is stored before it is answered.
      if (packet.retain && packet.qos !== 2) onTheWay.add(packet)
    },
    end(packet) {
      onTheWay.delete(packet)
    },
    isIdle: () => onTheWay.size === 0,
    async settled() {
      const waited = [...onTheWay]
      for (let turn = 0; turn < PATIENCE_TURNS && waited.some((one) => onTheWay.has(one)); turn++) {
        await nextTurn()
      }
      for (const packet of waited) onTheWay.delete(packet)
    },
    sweep() {
      for (const packet of atLastSweep) onTheWay.delete(packet)
      atLastSweep = [...onTheWay]
    },
  }
}
