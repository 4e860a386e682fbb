import type { Client, Subscription } from 'aedes'
import type { Connection } from './connection.ts'
import type { BrokerLimits } from './limits.ts'
import { matches } from './topic-filter.ts'
import type { Counters } from './counters.ts'
import { SESSION_MARK } from './persistence.ts'
import type { PendingRetained } from './pending-retained.ts'
import type { AccessControl } from './access-control.ts'

interface SubscriptionParts {
  readonly access: AccessControl
  readonly limits: BrokerLimits
  readonly counters: Counters
  readonly connectionOf: (client: Client) => Connection
  readonly pendingRetained: Pick<PendingRetained, 'isEmpty' | 'whenStored'>
  /** A message of this id was sent to the client in an earlier connection. */
  readonly wasSent: (clientId: string, messageId: number | undefined) => boolean
  /** Adds a message that is sent now to the unacknowledged ones of the session. */
  readonly keepSent: (clientId: string, packet: Outgoing) => void
}

interface Outgoing {
  readonly topic: string
  readonly payload: string | Buffer
  readonly retain: boolean
  messageId?: number | undefined
  qos: 0 | 1 | 2
  dup: boolean
}

/** What a client may subscribe to, and at which QoS a message then goes out to it. */
export function createSubscriptions(parts: SubscriptionParts) {
  const { access, limits, counters, connectionOf, pendingRetained, wasSent, keepSent } = parts

  return {
    authorize(
      client: Client,
      subscription: Subscription,
      callback: (error: Error | null, subscription?: Subscription | null) => void,
    ): void {
      const { filters } = connectionOf(client)
      const { topic, qos } = subscription
      if (topic === SESSION_MARK) return callback(null, null)
      if (!access.maySubscribe(client.id, topic)) {
        counters.countRefusal('foreign_filter')
        return callback(null, null)
      }
      if (!filters.has(topic) && filters.size >= limits.subscriptionsPerDevice) {
        counters.countRefusal('too_many_subscriptions')
        return callback(null, null)
      }
      filters.set(topic, qos)
      // aedes delivers at the QoS of whichever overlapping filter it meets first. So every filter is granted
      // QoS 2 here, and `forward`, which knows all filters, lowers it; SUBACK still tells what was asked.
      const grant = (): void => callback(null, { ...subscription, qos: 2 })
      if (pendingRetained.isEmpty()) grant()
      else void pendingRetained.whenStored().then(grant)
    },

    /** [MQTT-3.3.5-1], [MQTT-3.8.4-6]: the best QoS of all matching filters, at most the publisher's. */
    forward<P extends Outgoing>(client: Client, packet: P): P | null {
      if (!access.mayReceive(client.id, packet.topic)) return null
      const { filters, inflight } = connectionOf(client)
      let granted: 0 | 1 | 2 | undefined
      for (const [filter, qos] of filters) {
        if (qos > (granted ?? -1) && matches(filter, packet.topic)) granted = qos
      }
      if (granted !== undefined && granted < packet.qos) packet.qos = granted
      // [MQTT-3.3.1-1], [MQTT-3.3.1-3]
      packet.dup = wasSent(client.id, packet.messageId)
      if (packet.qos === 0) return packet
      if (packet.messageId === undefined) {
        packet.messageId = inflight.takePacketId()
        // aedes keeps retained messages out of the session ([MQTT-4.4.0-1]).
        if (packet.retain && !client.clean) keepSent(client.id, packet)
      }
      inflight.send(packet.messageId, packet.qos)
      return packet
    },
  }
}
