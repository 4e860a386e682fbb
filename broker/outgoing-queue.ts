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

/** Messages that a device has not acknowledged yet, on disk and within caps that drop the newest. */
export class OutgoingQueue {
  readonly #file: SessionFile
  readonly #limits: QueueLimits
  readonly #dropped: () => void
  readonly #queues = new Map<string, ClientQueue>()
  /** Packet ids that were in use when the client came back; its messages are sent again under them. */
  readonly #sent = new Map<string, Set<number>>()
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

  /** A message that was sent just now; its broker id `sent` tells it from those that are still to be sent. */
  addSent(clientId: string, original: StoredPacket): void {
    const { messageId } = original
    this.add(clientId, { ...original, brokerId: 'sent', brokerCounter: messageId })
    const queued = this.#queues.get(clientId)?.entries.at(-1)
    if (queued?.packet.brokerId !== 'sent') return
    queued.packet.messageId = messageId
    this.#file.setQueued(queued.seq, queued.packet)
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
    else queued.packet = { cmd: packet.cmd, messageId: packet.messageId }
    this.#file.setQueued(queued.seq, queued.packet)
  }

  remove(clientId: string, messageId: number | undefined): StoredPacket | undefined {
    const queue = this.#queues.get(clientId)
    const index = queue?.entries.findIndex((entry) => entry.packet.messageId === messageId) ?? -1
    const gone = queue?.entries[index]
    if (queue === undefined || gone === undefined) return undefined
    this.#file.dropQueued(gone.seq)
    queue.entries.splice(index, 1)
    this.#bytes -= gone.bytes
    queue.bytes -= gone.bytes
    if (messageId !== undefined) this.#sent.get(clientId)?.delete(messageId)
    if (queue.entries.length === 0) this.#queues.delete(clientId)
    return gone.packet
  }

  clear(clientId: string): void {
    const queue = this.#queues.get(clientId)
    if (queue === undefined) return
    for (const { seq } of queue.entries) this.#file.dropQueued(seq)
    this.#bytes -= queue.bytes
    this.#queues.delete(clientId)
    this.#sent.delete(clientId)
  }

  /** The packets that the client must be sent again, in order. */
  list(clientId: string): StoredPacket[] {
    const packets = this.#queues.get(clientId)?.entries.map((entry) => entry.packet) ?? []
    const sent = packets.flatMap(({ messageId }) => messageId ?? [])
    if (sent.length === 0) this.#sent.delete(clientId)
    else this.#sent.set(clientId, new Set(sent))
    return packets
  }

  wasSent(clientId: string, messageId: number | undefined): boolean {
    return messageId !== undefined && (this.#sent.get(clientId)?.has(messageId) ?? false)
  }

  nextPacketId(clientId: string): number {
    const entries = this.#queues.get(clientId)?.entries ?? []
    const last = entries.findLast(({ packet }) => packet.messageId !== undefined)?.packet.messageId ?? 0
    return (last % 65_535) + 1
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
