import type { StoredPacket } from 'aedes-persistence/asyncPersistence.js'
import type { BrokerLimits } from './limits.ts'
import type { SessionFile } from './session-file.ts'

interface Queued {
  readonly seq: number
  packet: StoredPacket
  readonly bytes: number
}
interface ClientQueue {
  readonly entries: Queued[]
  bytes: number
}

type QueueLimits = Pick<BrokerLimits, 'queuedMessages' | 'queuedBytes' | 'queuedBytesTotal'>

/** Messages that a device has not acknowledged yet, on disk and within caps; the newest gives way. */
export class OutgoingQueue {
  readonly #file: SessionFile
  readonly #limits: QueueLimits
  readonly #dropped: () => void
  readonly #queues = new Map<string, ClientQueue>()
  #bytes = 0

  constructor(file: SessionFile, limits: QueueLimits, dropped: () => void) {
    this.#file = file
    this.#limits = limits
    this.#dropped = dropped
    for (const { seq, clientId, packet } of file.queued()) this.#push(clientId, seq, packet)
  }

  add(clientId: string, original: StoredPacket): void {
    const packet = asQueued(original)
    const bytes = bytesOf(packet)
    const queue = this.#queues.get(clientId)
    const { queuedMessages, queuedBytes, queuedBytesTotal } = this.#limits
    if (
      (queue?.entries.length ?? 0) >= queuedMessages ||
      (queue?.bytes ?? 0) + bytes > queuedBytes ||
      this.#bytes + bytes > queuedBytesTotal
    ) {
      return this.#dropped()
    }
    this.#push(clientId, this.#file.addQueued(clientId, packet), packet)
  }

  /** Gives a message its packet id, or puts a PUBREL in the place of the message with that id. */
  update(clientId: string, packet: StoredPacket): void {
    const entries = this.#queues.get(clientId)?.entries ?? []
    const queued = entries.find((entry) =>
      entry.packet.brokerId === packet.brokerId
        ? entry.packet.brokerCounter === packet.brokerCounter
        : entry.packet.messageId === packet.messageId,
    )
    if (queued === undefined) throw new Error('no such packet')
    if (queued.packet.brokerId === packet.brokerId) queued.packet.messageId = packet.messageId
    else queued.packet = packet
    this.#file.setQueued(queued.seq, queued.packet)
  }

  remove(clientId: string, messageId: number | undefined): StoredPacket | undefined {
    const queue = this.#queues.get(clientId)
    const index = queue?.entries.findIndex((entry) => entry.packet.messageId === messageId) ?? -1
    const [gone] = index < 0 ? [] : (queue?.entries.splice(index, 1) ?? [])
    if (queue === undefined || gone === undefined) return undefined
    this.#file.dropQueued(gone.seq)
    this.#bytes -= gone.bytes
    queue.bytes -= gone.bytes
    if (queue.entries.length === 0) this.#queues.delete(clientId)
    return gone.packet
  }

  clear(clientId: string): void {
    const queue = this.#queues.get(clientId)
    if (queue === undefined) return
    for (const { seq } of queue.entries) this.#file.dropQueued(seq)
    this.#bytes -= queue.bytes
    this.#queues.delete(clientId)
  }

  list(clientId: string): StoredPacket[] {
    return this.#queues.get(clientId)?.entries.map((entry) => entry.packet) ?? []
  }

  #push(clientId: string, seq: number, packet: StoredPacket): void {
    const queue = this.#queues.get(clientId) ?? { entries: [], bytes: 0 }
    const bytes = bytesOf(packet)
    queue.entries.push({ seq, packet, bytes })
    queue.bytes += bytes
    this.#bytes += bytes
    this.#queues.set(clientId, queue)
  }
}

/** As aedes queues it: without the id under which it arrived. */
function asQueued(original: StoredPacket): StoredPacket {
  const { cmd = 'publish', brokerId, brokerCounter, topic, payload } = original
  const { qos = 0, retain = false, dup = false } = original
  return { cmd, brokerId, brokerCounter, topic, payload, qos, retain, dup, messageId: undefined }
}

function bytesOf({ topic = '', payload = '' }: StoredPacket): number {
  return topic.length + payload.length
}
