import { Readable } from 'node:stream'
import MemoryPersistence, {
  type ClientId,
  type StoredPacket,
  type StoredSubscription,
} from 'aedes-persistence/asyncPersistence.js'
import type { BrokerLimits } from './limits.ts'
import { IncomingMessages } from './incoming-messages.ts'
import { isReserved, matches } from './topic-filter.ts'
import { OutgoingQueue } from './outgoing-queue.ts'
import { RetainedTopics, type RetainedPacket } from './retained-topics.ts'
import { openSessionFile, type SessionFile } from './session-file.ts'

export interface PersistenceOptions {
  readonly path: string
  readonly limits: BrokerLimits
  /** aedes stores refused filters of a SUBSCRIBE along with the granted ones; these are left out here. */
  readonly maySubscribe: (clientId: string, filter: string) => boolean
  /** True while a connection lives that the will on disk belongs to. */
  readonly keepsWill: (clientId: string) => boolean
  readonly now: () => number
  /** Told where the damaged file was moved to when a new one replaces it. */
  readonly damaged?: (kept: string) => void
  /** A session without subscriptions answers with SESSION_MARK. */
  readonly marksSessions?: boolean
  /** The packet id of a queued message that goes out for the first time. */
  readonly takePacketId?: (clientId: string) => number | undefined
}

/** Stands for a session without subscriptions, which aedes takes for none ([MQTT-3.2.2-2]). */
export const SESSION_MARK = '$session'

/**
 * Sessions, subscriptions, retained messages, wills and queues on disk. The package's in-memory
 * persistence matches and streams; each change is written through, and all of it is read at the start.
 */
export class DiskPersistence extends MemoryPersistence {
  readonly #options: PersistenceOptions
  readonly #file: SessionFile
  readonly #outgoing: OutgoingQueue
  readonly #retained = new RetainedTopics()
  readonly #sessions = new Set<string>()
  readonly #subscribers = new Set<string>()
  readonly #incoming: IncomingMessages
  #dropped = 0

  constructor(options: PersistenceOptions) {
    super()
    this.#options = options
    this.#file = openSessionFile(options.path, options.damaged)
    this.#incoming = new IncomingMessages(this.#file)
    this.#outgoing = new OutgoingQueue(this.#file, options.limits, () => this.#dropped++)
  }

  /** Messages that a cap has dropped. */
  dropped(): number {
    return this.#dropped
  }

  override async setup(broker: { readonly id: string }): Promise<void> {
    await super.setup(broker)
    for (const packet of this.#file.retained()) this.#retained.set(packet as RetainedPacket)
    for (const clientId of this.#file.sessions()) this.#sessions.add(clientId)
    for (const { clientId, subscription } of this.#file.subscriptions()) {
      this.#subscribers.add(clientId)
      await super.addSubscriptions({ id: clientId }, [subscription])
    }
    for (const { clientId, packet } of this.#file.incoming())
      await super.incomingStorePacket({ id: clientId }, packet)
    for (const { clientId, packet } of this.#file.wills()) {
      const { brokerId } = packet
      await super.putWill({ id: clientId }, packet)
      // The id of the dead broker makes this one publish the will unless the device comes back first.
      if (brokerId !== undefined) packet.brokerId = brokerId
    }
  }

  override async storeRetained(packet: RetainedPacket): Promise<void> {
    const { topic } = packet
    if (packet.payload.length === 0) {
      this.#file.dropRetained(topic)
      this.#retained.delete(topic)
      return
    }
    if (!this.#retained.has(topic) && this.#retained.size >= this.#options.limits.retainedTopics) {
      this.#dropped++
      return
    }
    this.#file.saveRetained(topic, packet)
    this.#retained.set({ ...packet })
  }

  override createRetainedStream(pattern: string): Readable {
    return Readable.from(this.#retained.find(pattern))
  }

  override createRetainedStreamCombi(patterns: string[]): Readable {
    return Readable.from(patterns.values().flatMap((pattern) => this.#retained.find(pattern)))
  }

  override async addSubscriptions(client: ClientId, subscriptions: StoredSubscription[]): Promise<void> {
    const held = new Set((await super.subscriptionsByClient(client)).map(({ topic }) => topic))
    const granted = subscriptions.filter(({ topic }) => {
      if (!this.#options.maySubscribe(client.id, topic)) return false
      return held.has(topic) || held.size < this.#options.limits.subscriptionsPerDevice
        ? held.add(topic)
        : false
    })
    for (const subscription of granted) this.#file.saveSubscription(client.id, subscription)
    if (granted.length > 0) {
      this.touch(client.id)
      this.#subscribers.add(client.id)
    }
    await super.addSubscriptions(client, granted)
  }

  override async subscriptionsByClient(client: ClientId): Promise<StoredSubscription[]> {
    const subscriptions = await super.subscriptionsByClient(client)
    const marked = this.#options.marksSessions === true && this.#sessions.has(client.id)
    return subscriptions.length === 0 && marked ? [{ topic: SESSION_MARK, qos: 0 }] : subscriptions
  }

  /** True when the client has a subscription on disk. */
  hasSubscriptions(clientId: string): boolean {
    return this.#subscribers.has(clientId)
  }

  override async subscriptionsByTopic(topic: string): Promise<Waiting[]> {
    if (isOrdinary(topic)) return super.subscriptionsByTopic(topic)
    const found: Waiting[] = []
    for (const clientId of this.#subscribers) {
      for (const subscription of await super.subscriptionsByClient({ id: clientId })) {
        if (subscription.qos > 0 && matches(subscription.topic, topic)) {
          found.push({ clientId, ...subscription })
        }
      }
    }
    return found
  }

  override async removeSubscriptions(client: ClientId, topics: string[]): Promise<void> {
    for (const topic of topics) this.#file.dropSubscription(client.id, topic)
    await super.removeSubscriptions(client, topics)
    if ((await super.subscriptionsByClient(client)).length === 0) this.#subscribers.delete(client.id)
  }

  /** The end of a session ([MQTT-3.1.2-6]): what still waits for the device goes with it. */
  override async cleanSubscriptions(client: ClientId): Promise<void> {
    if (this.#subscribers.has(client.id)) this.#file.dropSubscriptions(client.id)
    this.#subscribers.delete(client.id)
    this.endSession(client.id)
    this.#outgoing.clear(client.id)
    await super.cleanSubscriptions(client)
  }

  override async outgoingEnqueue(subscription: { clientId: string }, packet: StoredPacket): Promise<void> {
    this.#outgoing.add(subscription.clientId, packet)
  }

  /** Once for each device, at the best QoS of its filters ([MQTT-3.3.5-1], [MQTT-3.8.4-6]). */
  override async outgoingEnqueueCombi(
    subscriptions: { clientId: string; qos?: number }[],
    packet: StoredPacket,
  ): Promise<void> {
    const granted = new Map<string, number>()
    for (const { clientId, qos = 2 } of subscriptions) {
      granted.set(clientId, Math.max(qos, granted.get(clientId) ?? 0))
    }
    for (const [clientId, qos] of granted) {
      this.#outgoing.add(clientId, { ...packet, qos: Math.min(qos, packet.qos ?? 0) })
    }
  }

  override async outgoingUpdate(client: ClientId, packet: StoredPacket): Promise<void> {
    // Messages of QoS 0 are not queued.
    if (packet.cmd !== 'pubrel' && packet.qos === 0) return
    this.#outgoing.update(client.id, packet)
  }

  override async outgoingClearMessageId(
    client: ClientId,
    packet: StoredPacket,
  ): Promise<StoredPacket | undefined> {
    // Without an id the message goes out by another filter, and it is queued once for all of them.
    if (packet.messageId === undefined) return undefined
    return this.#outgoing.remove(client.id, packet.messageId)
  }

  override outgoingStream(client: ClientId): Readable {
    const packets = this.#outgoing.list(client.id)
    const { takePacketId } = this.#options
    return Readable.from(
      packets.map((packet) => ({ ...packet, messageId: packet.messageId ?? takePacketId?.(client.id) })),
    )
  }

  /** The message was sent in an earlier connection and not acknowledged there. */
  wasSent(clientId: string, messageId: number | undefined): boolean {
    return this.#outgoing.wasSent(clientId, messageId)
  }

  keepSent(clientId: string, packet: StoredPacket): void {
    this.#outgoing.addSent(clientId, packet)
  }

  /** A packet id beyond those that wait for an acknowledgement ([MQTT-2.3.1-4]). */
  nextPacketId(clientId: string): number {
    return this.#outgoing.nextPacketId(clientId)
  }

  override async incomingStorePacket(client: ClientId, packet: StoredPacket): Promise<void> {
    if (this.#incoming.count(client.id) >= this.#options.limits.inboundQos2) {
      throw new Error('too many QoS 2 messages wait for PUBREL')
    }
    this.#incoming.add(client.id, packet)
    await super.incomingStorePacket(client, packet)
  }

  /** This QoS 2 message waits for its PUBREL. */
  holdsIncoming(clientId: string, packet: StoredPacket): boolean {
    return this.#incoming.holds(clientId, packet)
  }

  override async incomingDelPacket(client: ClientId, packet: StoredPacket): Promise<void> {
    await super.incomingDelPacket(client, packet)
    this.#incoming.remove(client.id, packet.messageId ?? 0)
  }

  override async cleanIncoming(client: ClientId): Promise<void> {
    this.#incoming.clear(client.id)
    await super.cleanIncoming(client)
  }

  override async putWill(client: ClientId, packet: StoredPacket): Promise<void> {
    await super.putWill(client, packet)
    try {
      this.#file.saveWill(client.id, packet)
    } catch (error) {
      await super.delWill(client)
      throw error
    }
  }

  /**
   * A connection that has ended deletes its will by `{ id, brokerId }`; by then a new connection of
   * the same device may have put its own.
   */
  override async delWill(client: ClientId & { brokerId?: string }): Promise<StoredPacket | undefined> {
    const ended = client.brokerId !== undefined
    if (ended && this.#options.keepsWill(client.id)) return undefined
    const will = await super.delWill(client)
    // Most devices that sign in left no will, so the file is asked only for those that did.
    if (will !== undefined) this.#file.dropWill(client.id)
    return will
  }

  /** Notes that the session is in use. */
  touch(clientId: string): void {
    this.#sessions.add(clientId)
    this.#file.touch(clientId, this.#options.now())
  }

  endSession(clientId: string): void {
    if (this.#sessions.has(clientId)) this.#file.endSession(clientId)
    this.#sessions.delete(clientId)
  }

  /** @throws whatever keeps the file from being written */
  probe(): void {
    this.#file.probe()
  }

  /** Deletes from the file what a full disk did not let go. */
  retryDeletes(): void {
    this.#file.retryDeletes()
  }

  /** Deletes sessions that were not used for `sessionExpiryMs`. */
  async expire(isOnline: (clientId: string) => boolean): Promise<void> {
    const idle = this.#file.idleSince(this.#options.now() - this.#options.limits.sessionExpiryMs)
    for (const id of idle) {
      if (isOnline(id)) {
        this.touch(id)
        continue
      }
      await this.cleanSubscriptions({ id })
      await this.cleanIncoming({ id })
    }
  }

  close(): void {
    this.#file.close()
  }

  override async destroy(): Promise<void> {
    await super.destroy()
    this.close()
  }
}

interface Waiting extends StoredSubscription {
  clientId: string
}

/** No leading `$` and no empty level: topics that the package's own index matches as the standard says. */
function isOrdinary(topic: string): boolean {
  return !isReserved(topic) && !topic.startsWith('/') && !topic.endsWith('/') && !topic.includes('//')
}
