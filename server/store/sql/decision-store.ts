import { isRefusal, type Refusal } from '#contract/problem.ts'
import type { DecisionStore, Unit } from '../../flows/decisions.ts'
import { createCallStore } from './call-store.ts'
import type { Database } from './database.ts'
import {
  createAttachmentStore,
  createCheckInStore,
  createNoticeStore,
  createOnceStore,
} from './desk-store.ts'
import { createDutyStore } from './duty-store.ts'
import { createIncidentStore } from './incident-store.ts'
import { createOutbox } from './outbox-store.ts'
import { createDrillStore } from './ticket-drill-store.ts'
import { createFigureStore } from './ticket-figure-store.ts'
import { createPastStore } from './past-store.ts'
import { createTicketMemory, onlyRecalling, type TicketMemory } from './ticket-memory.ts'
import { createTicketStore } from './ticket-store.ts'

/** Open tickets held in memory, some 10 KB each. */
const MOST_REMEMBERED = 2000

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
  const memory = createTicketMemory(MOST_REMEMBERED)
  return {
    read: unitOf(db, memory),
    async transact(work) {
      try {
        return await db.transaction().execute(async (transaction) => {
          const result = await work(unitOf(transaction, onlyRecalling(memory)))
          if (isRefusal(result)) throw new Refused(result)
          return result
        })
      } catch (error) {
        if (error instanceof Refused) return error.refusal
        throw error
      }
    },
  }
}

function unitOf(db: Database, memory: TicketMemory): Unit {
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
    once: createOnceStore(db),
    past: createPastStore(db),
  }
}
