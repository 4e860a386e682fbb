/** The in-memory persistence that the package ships; it has no types of its own for this entry. */
declare module 'aedes-persistence/asyncPersistence.js' {
  import type { Readable } from 'node:stream'

  export interface StoredPacket {
    cmd?: string | undefined
    topic?: string | undefined
    payload?: Buffer | string | undefined
    qos?: number | undefined
    retain?: boolean | undefined
    dup?: boolean | undefined
    messageId?: number | undefined
    brokerId?: string | undefined
    brokerCounter?: number | undefined
  }
  export interface StoredSubscription {
    topic: string
    qos: number
  }
  export interface ClientId {
    readonly id: string
  }

  export default class MemoryPersistence {
    get broker(): { readonly id: string }
    setup(broker: { readonly id: string }): Promise<void>
    storeRetained(packet: StoredPacket & { topic: string; payload: Buffer }): Promise<void>
    createRetainedStream(pattern: string): Readable
    createRetainedStreamCombi(patterns: string[]): Readable
    addSubscriptions(client: ClientId, subscriptions: StoredSubscription[]): Promise<void>
    removeSubscriptions(client: ClientId, topics: string[]): Promise<void>
    subscriptionsByClient(client: ClientId): Promise<StoredSubscription[]>
    subscriptionsByTopic(topic: string): Promise<{ clientId: string; topic: string; qos: number }[]>
    countOffline(): Promise<{ subsCount: number; clientsCount: number }>
    cleanSubscriptions(client: ClientId): Promise<void>
    outgoingEnqueue(subscription: { clientId: string }, packet: StoredPacket): Promise<void>
    outgoingEnqueueCombi(subscriptions: { clientId: string }[], packet: StoredPacket): Promise<void>
    outgoingUpdate(client: ClientId, packet: StoredPacket): Promise<void>
    outgoingClearMessageId(client: ClientId, packet: StoredPacket): Promise<StoredPacket | undefined>
    outgoingStream(client: ClientId): Readable
    incomingStorePacket(client: ClientId, packet: StoredPacket): Promise<void>
    incomingGetPacket(client: ClientId, packet: StoredPacket): Promise<StoredPacket>
    incomingDelPacket(client: ClientId, packet: StoredPacket): Promise<void>
    cleanIncoming(client: ClientId): Promise<void>
    putWill(client: ClientId, packet: StoredPacket): Promise<void>
    getWill(client: ClientId): Promise<StoredPacket | undefined>
    delWill(client: ClientId & { brokerId?: string }): Promise<StoredPacket | undefined>
    streamWill(brokers?: Record<string, unknown>): Readable
    getClientList(topic: string): Readable
    destroy(): Promise<void>
  }
}
