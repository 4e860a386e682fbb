import type { StoredPacket } from 'aedes-persistence/asyncPersistence.js'
import { matches } from './topic-filter.ts'

export type RetainedPacket = StoredPacket & { topic: string; payload: Buffer }

const GROUP_LEVELS = 3

/**
 * The retained message of each topic. Topics are grouped by their first levels: a subscription of
 * a device searches its own topics, not those of the whole town.
 */
export class RetainedTopics {
  readonly #groups = new Map<string, Map<string, RetainedPacket>>()
  #size = 0

  get size(): number {
    return this.#size
  }

  has(topic: string): boolean {
    return this.#groups.get(groupOf(topic))?.has(topic) ?? false
  }

  set(packet: RetainedPacket): void {
    const name = groupOf(packet.topic)
    const group = this.#groups.get(name) ?? new Map<string, RetainedPacket>()
    if (!group.has(packet.topic)) this.#size++
    this.#groups.set(name, group.set(packet.topic, packet))
  }

  delete(topic: string): void {
    const name = groupOf(topic)
    const group = this.#groups.get(name)
    if (group?.delete(topic) !== true) return
    this.#size--
    if (group.size === 0) this.#groups.delete(name)
  }

  *find(filter: string): Generator<RetainedPacket> {
    const first = groupOf(filter)
    const groups = /[+#]/.test(first) ? this.#groups.values() : [this.#groups.get(first)]
    for (const group of groups) {
      for (const [topic, packet] of group ?? []) if (matches(filter, topic)) yield packet
    }
  }
}

function groupOf(topic: string): string {
  return topic.split('/', GROUP_LEVELS).join('/')
}
