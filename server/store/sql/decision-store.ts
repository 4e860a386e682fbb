import { sql } from 'kysely'
import { isRefusal, type Refusal } from '#contract/problem.ts'
import type { DecisionStore, Repositories } from '../../flows/decisions/decisions.ts'
import { createCallStore } from './call-store.ts'
import type { Database } from './database.ts'
import { createAttachmentStore } from './attachment-store.ts'
import { createCheckInStore } from './check-in-store.ts'
import { createIdempotencyStore } from './idempotency-store.ts'
import { createNoticeStore } from './notice-store.ts'
import { createDutyStore } from './duty-store.ts'
import { createIncidentStore } from './incident-store.ts'
import { createOutbox } from './outbox-store.ts'
import { createDrillStore } from './ticket-drill-store.ts'
import { createFigureStore } from './ticket-figure-store.ts'
import { createAsOfStore } from './as-of-store.ts'
import { createTicketCache, readOnlyCache, type TicketCache } from './ticket-cache.ts'
import { createTicketStore } from './ticket-store.ts'

/** Open tickets held in memory, some 10 KB each. */
const MAX_CACHED_TICKETS = 2000

/** Thrown to roll back; carries the refusal out of the transaction. */
class Refused extends Error {
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.detail)
    this.refusal = refusal
  }
}

/** Tickets, incidents, calls and what belongs to them, one transaction per decision. */
export function createDecisionStore(db: Database): DecisionStore {
  const memory = createTicketCache(MAX_CACHED_TICKETS)
  return {
    read: repositoriesOf(db, memory),
    async transact(work) {
      try {
        return await db.transaction().execute(async (transaction) => {
          const result = await work(repositoriesOf(transaction, readOnlyCache(memory)))
          if (isRefusal(result)) throw new Refused(result)
          return result
        })
      } catch (error) {
        if (error instanceof Refused) return error.refusal
        throw error
      }
    },
    async emptyLog() {
      await sql`pragma wal_checkpoint(truncate)`.execute(db)
    },
  }
}

function repositoriesOf(db: Database, memory: TicketCache): Repositories {
  return {
    tickets: createTicketStore(db, memory),
    incidents: createIncidentStore(db),
    calls: createCallStore(db),
    checkIns: createCheckInStore(db),
    notices: createNoticeStore(db),
    attachments: createAttachmentStore(db),
    outbox: createOutbox(db),
    duty: createDutyStore(db),
    figures: createFigureStore(db),
    drills: createDrillStore(db),
    once: createIdempotencyStore(db),
    past: createAsOfStore(db),
  }
}
