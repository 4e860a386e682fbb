import type { StoredPacket } from 'aedes-persistence/asyncPersistence.js'
import type { SessionFile } from './session-file.ts'

/** QoS 2 messages of devices that wait for their PUBREL, by packet id, in memory and on disk. */
export class IncomingMessages {
  readonly #file: SessionFile
  /** The packets of an earlier process as they were stored; undefined for those of this one. */
  readonly #held = new Map<string, Map<number, StoredPacket | undefined>>()

  constructor(file: SessionFile) {
    this.#file = file
    for (const { clientId, packet } of file.incoming()) this.#hold(clientId, packet, packet)
  }

  count(clientId: string): number {
    return this.#held.get(clientId)?.size ?? 0
  }

  /**
   * Whether this message waits for its PUBREL. A power cut may have lost the release of an id, so an entry
   * of an earlier process counts only for a repetition of the very same message.
   */
  holds(clientId: string, { messageId = 0, dup, topic, payload }: StoredPacket): boolean {
    const held = this.#held.get(clientId)
    if (held?.has(messageId) !== true) return false
    const earlier = held.get(messageId)
    if (earlier === undefined) return true
    return dup === true && earlier.topic === topic && isSame(earlier.payload, payload)
  }

  add(clientId: string, packet: StoredPacket): void {
    this.#file.saveIncoming(clientId, packet.messageId ?? 0, packet)
    this.#hold(clientId, packet, undefined)
  }

  remove(clientId: string, messageId: number): void {
    this.#held.get(clientId)?.delete(messageId)
    this.#file.dropIncoming(clientId, messageId)
  }

  clear(clientId: string): void {
    if (this.#held.has(clientId)) this.#file.dropAllIncoming(clientId)
    this.#held.delete(clientId)
  }

  #hold(clientId: string, { messageId = 0 }: StoredPacket, earlier: StoredPacket | undefined): void {
    const held = this.#held.get(clientId) ?? new Map<number, StoredPacket | undefined>()
    this.#held.set(clientId, held.set(messageId, earlier))
  }
}

function isSame(a: StoredPacket['payload'], b: StoredPacket['payload']): boolean {
  return Buffer.from(a ?? '').equals(Buffer.from(b ?? ''))
}
