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
  const known = new Map<string, ReadTicket>()
  return {
    recall(id, version) {
      const found = known.get(id)
      if (found?.ticket.version !== version) return undefined
      known.delete(id)
      known.set(id, found)
      return found
    },
    keep(read) {
      const { id } = read.ticket
      known.delete(id)
      if (isDone(read.ticket)) return
      known.set(id, read)
      if (known.size <= most) return
      for (const oldest of known.keys()) {
        known.delete(oldest)
        break
      }
    },
  }
}

/** For a transaction: what it has written itself may yet be rolled back, and is not kept. */
export function onlyRecalling({ recall }: TicketMemory): TicketMemory {
  return { recall, keep: () => undefined }
}
