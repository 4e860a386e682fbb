import { sql } from 'kysely'
import type { TranslatedMessage } from '../../domain/translation/read-translation.ts'
import type { ForeignStore, SetAsideForeign, WaitingMessage } from '../../flows/foreign/foreign-store.ts'
import type { LocalizedText } from '#contract/text.ts'
import { among, fromJson, type Database } from './database.ts'

/** Beyond these the oldest go, counted: what is set aside is for people, and nobody reads more. */
const FOREIGN_LIMITS = { setAside: 10_000, waiting: 100_000 }
/** Rows of one statement: SQLite takes 32,766 values, and a row has five. */
const ROWS_AT_ONCE = 1000

type Order =
  | { readonly kind: 'aside'; readonly message: Omit<SetAsideForeign, 'id'> }
  | { readonly kind: 'waiting'; readonly message: Omit<WaitingMessage, 'id'> }

/**
 * Foreign messages that wait for somebody, in SQL. All that comes while one transaction is on its way to the disk
 * goes into the next: a flood costs one sync for hundreds.
 */
export function createForeignStore(db: Database, limits = FOREIGN_LIMITS): ForeignStore {
  let queued: { order: Order; done: () => void; failed: (error: unknown) => void }[] = []
  let writing = false
  let dropped = 0

  return {
    setAside: (message) => add({ kind: 'aside', message }),
    wait: (message) => add({ kind: 'waiting', message }),
    async listAside({ newest, of }) {
      const rows = await db
        .selectFrom('foreign_message')
        .selectAll()
        .$if(of !== undefined, (query) => query.where('gateway', 'in', among(of ?? [])))
        .orderBy('id', 'desc')
        .limit(newest)
        .execute()
      return rows.map((row) => ({
        id: row.id,
        gateway: row.gateway,
        topic: row.topic,
        receivedAt: row.received_at,
        bytes: row.body,
        why: fromJson(row.why) as LocalizedText,
      }))
    },
    async countAside() {
      const { count } = await db
        .selectFrom('foreign_message')
        .select((of) => of.fn.countAll<number>().as('count'))
        .executeTakeFirstOrThrow()
      return count
    },
    async forgetAside(ids) {
      await db.deleteFrom('foreign_message').where('id', 'in', among(ids)).execute()
    },
    async waitingOf(alias, since) {
      const rows = await db
        .selectFrom('waiting_message')
        .selectAll()
        .where('alias', '=', alias)
        .where('received_at', '>=', since)
        .orderBy('id')
        .execute()
      return rows.map((row) => ({
        id: row.id,
        alias: row.alias,
        gateway: row.gateway,
        receivedAt: row.received_at,
        message: fromJson(row.message) as TranslatedMessage,
      }))
    },
    async forgetWaiting(alias) {
      await db.deleteFrom('waiting_message').where('alias', '=', alias).execute()
    },
    async expire(before) {
      await db.deleteFrom('waiting_message').where('received_at', '<', before).execute()
    },
    dropped: () => dropped,
  }

  function add(order: Order): Promise<void> {
    return new Promise((done, failed) => {
      queued.push({ order, done, failed })
      if (!writing) void write()
    })
  }

  async function write(): Promise<void> {
    writing = true
    while (queued.length > 0) {
      const batch = queued.splice(0, ROWS_AT_ONCE)
      try {
        await insert(batch.map(({ order }) => order))
        for (const { done } of batch) done()
      } catch (error) {
        for (const { failed } of batch) failed(error)
      }
    }
    queued = []
    writing = false
  }

  async function insert(orders: readonly Order[]): Promise<void> {
    const aside = orders.flatMap(({ kind, message }) =>
      kind === 'aside'
        ? [
            {
              gateway: message.gateway,
              topic: message.topic,
              received_at: message.receivedAt,
              body: message.bytes,
              why: JSON.stringify(message.why),
            },
          ]
        : [],
    )
    const waiting = orders.flatMap(({ kind, message }) =>
      kind === 'waiting'
        ? [
            {
              alias: message.alias,
              gateway: message.gateway,
              received_at: message.receivedAt,
              message: JSON.stringify(message.message),
            },
          ]
        : [],
    )
    await db.transaction().execute(async (transaction) => {
      if (aside.length > 0) {
        await transaction.insertInto('foreign_message').values(aside).execute()
        // Ids only grow, so the newest ones are those to keep.
        const { numDeletedRows } = await transaction
          .deleteFrom('foreign_message')
          .where('id', '<=', sql<number>`(select max(id) from foreign_message) - ${limits.setAside}`)
          .executeTakeFirstOrThrow()
        dropped += Number(numDeletedRows)
      }
      if (waiting.length > 0) {
        await transaction.insertInto('waiting_message').values(waiting).execute()
        await transaction
          .deleteFrom('waiting_message')
          .where('id', '<=', sql<number>`(select max(id) from waiting_message) - ${limits.waiting}`)
          .execute()
      }
    })
  }
}
