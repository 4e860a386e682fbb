import { Readable } from 'node:stream'
import MemoryPersistence, {
  type ClientId,
  type StoredPacket,
  type StoredSubscription,
} from 'aedes-persistence/asyncPersistence.js'
import type { BrokerLimits } from './limits.ts'
import { OutgoingQueue } from './outgoing-queue.ts'
import { openSessionFile, type SessionFile } from './session-file.ts'

export interface PersistenceOptions {
  readonly path: string
  readonly limits: BrokerLimits
  /** aedes stores refused filters of a SUBSCRIBE along with the granted ones; these are left out here. */
  readonly maySubscribe: (clientId: string, filter: string) => boolean
  /** True while a connection lives that the will on disk belongs to. */
  readonly keepsWill: (clientId: string) => boolean
  readonly now: () => number
}

/**
 * Sessions, subscriptions, retained messages, wills and queues on disk. The package's in-memory
 * persistence matches and streams; each change is written through, and all of it is read at the start.
 */
export class DiskPersistence extends MemoryPersistence {
  readonly #options: PersistenceOptions
  readonly #file: SessionFile
  readonly #outgoing: OutgoingQueue
  readonly #retained = new Set<string>()
  readonly #incoming = new Map<string, Set<number>>()
  #dropped = 0

  constructor(options: PersistenceOptions) {
    super()
    this.#options = options
    this.#file = openSessionFile(options.path)
    this.#outgoing = new OutgoingQueue(this.#file, options.limits, () => this.#dropped++)
  }

  /** Messages that a cap has dropped. */
  dropped(): number {
    return this.#dropped
  }

  override async setup(broker: { readonly id: string }): Promise<void> {
    await super.setup(broker)
    for (const packet of this.#file.retained()) await this.#keepRetained(packet as RetainedPacket)
    for (const { clientId, subscription } of this.#file.subscriptions()) {
      await super.addSubscriptions({ id: clientId }, [subscription])
    }
    for (const { clientId, packet } of this.#file.incoming())
      await this.#keepIncoming({ id: clientId }, packet)
    for (const { clientId, packet } of this.#file.wills()) {
      const { brokerId } = packet
      await super.putWill({ id: clientId }, packet)
      // Of the broker that has died: this one publishes it unless the device comes back first.
      if (brokerId !== undefined) packet.brokerId = brokerId
    }
  }

  override async storeRetained(packet: RetainedPacket): Promise<void> {
    const { topic } = packet
    if (packet.payload.length === 0) {
      this.#retained.delete(topic)
      this.#file.dropRetained(topic)
      return super.storeRetained(packet)
    }
    if (!this.#retained.has(topic) && this.#retained.size >= this.#options.limits.retainedTopics) {
      this.#dropped++
      return
    }
    this.#file.saveRetained(topic, packet)
    await this.#keepRetained(packet)
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
    if (granted.length > 0) this.touch(client.id)
    await super.addSubscriptions(client, granted)
  }

  override async removeSubscriptions(client: ClientId, topics: string[]): Promise<void> {
    for (const topic of topics) this.#file.dropSubscription(client.id, topic)
    await super.removeSubscriptions(client, topics)
  }

  /** The end of a session ([MQTT-3.1.2-6]): what still waits for the device goes with it. */
  override async cleanSubscriptions(client: ClientId): Promise<void> {
    this.#file.dropSubscriptions(client.id)
    this.#file.endSession(client.id)
    this.#outgoing.clear(client.id)
    await super.cleanSubscriptions(client)
  }

  override async outgoingEnqueue(subscription: { clientId: string }, packet: StoredPacket): Promise<void> {
    this.#outgoing.add(subscription.clientId, packet)
  }

  override async outgoingEnqueueCombi(
    subscriptions: { clientId: string }[],
    packet: StoredPacket,
  ): Promise<void> {
    for (const { clientId } of subscriptions) this.#outgoing.add(clientId, packet)
  }

  override async outgoingUpdate(client: ClientId, packet: StoredPacket): Promise<void> {
    this.#outgoing.update(client.id, packet)
  }

  override async outgoingClearMessageId(
    client: ClientId,
    packet: StoredPacket,
  ): Promise<StoredPacket | undefined> {
    return this.#outgoing.remove(client.id, packet.messageId)
  }

  override outgoingStream(client: ClientId): Readable {
    return Readable.from(this.#outgoing.list(client.id))
  }

  override async incomingStorePacket(client: ClientId, packet: StoredPacket): Promise<void> {
    const held = this.#incoming.get(client.id)?.size ?? 0
    if (held >= this.#options.limits.inboundQos2) throw new Error('too many QoS 2 messages wait for PUBREL')
    this.#file.saveIncoming(client.id, packet.messageId ?? 0, packet)
    await this.#keepIncoming(client, packet)
  }

  override async incomingDelPacket(client: ClientId, packet: StoredPacket): Promise<void> {
    await super.incomingDelPacket(client, packet)
    this.#incoming.get(client.id)?.delete(packet.messageId ?? 0)
    this.#file.dropIncoming(client.id, packet.messageId ?? 0)
  }

  override async cleanIncoming(client: ClientId): Promise<void> {
    if (this.#incoming.delete(client.id)) this.#file.dropAllIncoming(client.id)
    await super.cleanIncoming(client)
  }

  override async putWill(client: ClientId, packet: StoredPacket): Promise<void> {
    await super.putWill(client, packet)
    this.#file.saveWill(client.id, packet)
  }

  /**
   * A connection that has ended deletes its will by `{ id, brokerId }`; by then a new connection of
   * the same device may have put its own.
   */
  override async delWill(client: ClientId & { brokerId?: string }): Promise<StoredPacket | undefined> {
    const ended = client.brokerId !== undefined
    if (ended && this.#options.keepsWill(client.id)) return undefined
    this.#file.dropWill(client.id)
    return super.delWill(client)
  }

  /** The session was in use just now. */
  touch(clientId: string): void {
    this.#file.touch(clientId, this.#options.now())
  }

  /** Forgets sessions that nobody has used for long. */
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

  async #keepRetained(packet: RetainedPacket): Promise<void> {
    this.#retained.add(packet.topic)
    await super.storeRetained(packet)
  }

  async #keepIncoming(client: ClientId, packet: StoredPacket): Promise<void> {
    const held = this.#incoming.get(client.id) ?? new Set()
    this.#incoming.set(client.id, held.add(packet.messageId ?? 0))
    await super.incomingStorePacket(client, packet)
  }
}

type RetainedPacket = Parameters<MemoryPersistence['storeRetained']>[0]
