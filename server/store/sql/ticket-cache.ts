import { LRUCache } from 'lru-cache'
import type { TicketEvent } from '../../domain/ticket/event.ts'
import { isDone, type Ticket } from '../../domain/ticket/ticket.ts'

/** A ticket as it was read, and its events where they were read too. */
export interface ReadTicket {
  readonly ticket: Ticket
  readonly events?: readonly TicketEvent[]
}

/** Keeps open tickets in memory, so that a board or a sweep reads only those that have changed. */
export interface TicketCache {
  recall(id: string, version: number): ReadTicket | undefined
  keep(read: ReadTicket): void
}

/**
 * Histories are append-only, so a committed version never changes. At most `max` open tickets are kept, the
 * least recently used dropped.
 */
export function createTicketCache(max: number): TicketCache {
  const known = new LRUCache<string, ReadTicket>({ max })
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

/** For a transaction, whose own writes may yet be rolled back. */
export function readOnlyCache({ recall }: TicketCache): TicketCache {
  return { recall, keep: () => undefined }
}
