import { LRUCache } from 'lru-cache'
import type { TicketEvent } from '../../domain/ticket/event.ts'
import { isDone, type Ticket } from '../../domain/ticket/ticket.ts'

/** A ticket as it was read, and its events where they were read too. */
export interface ReadTicket {
  readonly ticket: Ticket
  readonly events?: readonly TicketEvent[]
}

/** Open tickets that have been read, so that a board or a sweep reads again only those that have changed. */
export interface TicketMemory {
  recall(id: string, version: number): ReadTicket | undefined
  keep(read: ReadTicket): void
}

/**
 * Histories are append-only, so what was committed under a version stays true of it. `most` tickets are
 * kept, those used last; done ones are not.
 */
export function createTicketMemory(most: number): TicketMemory {
  const known = new LRUCache<string, ReadTicket>({ max: most })
  return {
    recall(id, version) {
      const found = known.get(id)
      return found?.ticket.version === version ? found : undefined
    },
    keep(read) {
      const { id } = read.ticket
      if (isDone(read.ticket)) known.delete(id)
      else known.set(id, read)
    },
  }
}

/** For a transaction: what it has written itself may yet be rolled back, and is not kept. */
export function onlyRecalling({ recall }: TicketMemory): TicketMemory {
  return { recall, keep: () => undefined }
}
