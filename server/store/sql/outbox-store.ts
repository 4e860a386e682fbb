import type { Outgoing } from '../../domain/notification/notification.ts'
import type { Reached } from '../../domain/notification/reach.ts'
import type { Repositories } from '../../flows/decisions/decisions.ts'
import type { OutboxEntry, OutboxState, OutboxStore } from '../../flows/notification/outbox.ts'
import { among, fromJson, type Database } from './database.ts'
import type { OutboxTable } from './outbox-tables.ts'
import { readRow, readRows } from './stored-rows.ts'
import { CHANNEL_STATES, OUTGOING } from './stored-shapes.ts'
import { after, pageOf } from './page.ts'

/** The part of the outbox that a decision's transaction writes. */
export function createOutbox(db: Database): Repositories['outbox'] {
  return {
    async add(outgoing, at) {
      const rows = outgoing.map((each) => rowOf(entryOf(each, at)))
      if (rows.length === 0) return
      await db
        .insertInto('outbox')
        .values(rows)
        .onConflict((conflict) => conflict.column('id').doNothing())
        .execute()
    },
  }
}

/** A webhook's entry knows its way from the start; a drill's and people's are routed when they are due. */
function entryOf(outgoing: Outgoing, at: number): OutboxEntry {
  const { id, dueAt, exercise } = outgoing
  const channel = outgoing.audience === 'programs' && !exercise ? { channel: outgoing.channel } : {}
  return { id, outgoing, state: 'waiting', createdAt: at, dueAt, failures: 0, ...channel }
}

export function createOutboxStore(db: Database): OutboxStore {
  const waiting = () => db.selectFrom('outbox').selectAll().where('state', '=', 'waiting').orderBy('due_at')
  const readEntry = (row: OutboxTable): OutboxEntry | undefined => {
    const outgoing = readRow(db, OUTGOING, row)
    return outgoing && entryFrom(row, outgoing)
  }
  /** One that cannot be read can never be sent, and must not stay due before all others. */
  async function whole(rows: readonly OutboxTable[]): Promise<readonly OutboxEntry[]> {
    const entries = rows.flatMap((row) => readEntry(row) ?? [])
    const damaged = rows.map(({ id }) => id).filter((id) => entries.every((entry) => entry.id !== id))
    if (damaged.length > 0)
      await db.updateTable('outbox').set({ state: 'failed' }).where('id', 'in', among(damaged)).execute()
    return entries
  }
  return {
    async unrouted(at, limit) {
      const rows = await waiting()
        .where('channel', 'is', null)
        .where('due_at', '<=', at)
        .limit(limit)
        .execute()
      return whole(rows)
    },
    async waiting(channel, at, limit) {
      const rows = await waiting()
        .where('channel', '=', channel)
        .where('due_at', '<=', at)
        .limit(limit)
        .execute()
      return whole(rows)
    },
    async firstDue() {
      const rows = await db
        .selectFrom('outbox')
        .select((expression) => ['channel', expression.fn.min('due_at').as('first')])
        .where('state', '=', 'waiting')
        .groupBy('channel')
        .execute()
      return new Map(rows.map(({ channel, first }) => [channel ?? '', first]))
    },
    async count(state) {
      const row = await db
        .selectFrom('outbox')
        .select((expression) => expression.fn.countAll<number>().as('entries'))
        .where('state', '=', state)
        .executeTakeFirstOrThrow()
      return row.entries
    },
    async save(entry) {
      await db.updateTable('outbox').set(rowOf(entry)).where('id', '=', entry.id).execute()
    },
    async load(id) {
      const row = await db.selectFrom('outbox').selectAll().where('id', '=', id).executeTakeFirst()
      return row && entryFrom(row, OUTGOING.read(row))
    },
    async list({ state, cursor, limit }) {
      let query = db
        .selectFrom('outbox')
        .selectAll()
        .where(after('created_at', cursor))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (state !== undefined) query = query.where('state', '=', state)
      const rows = await query.execute()
      const { shown, next } = pageOf(rows, limit, (row) => row.created_at)
      return { items: shown.flatMap((row) => readEntry(row) ?? []), ...next }
    },
    async unroute(configured) {
      let stale = db.updateTable('outbox').set({ channel: null }).where('state', '=', 'waiting')
      if (configured.length > 0) stale = stale.where('channel', 'not in', configured)
      await stale.execute()
    },
    async forget(before) {
      await db
        .deleteFrom('outbox')
        .where('state', 'in', ['sent', 'withheld'])
        .where('created_at', '<', before)
        .execute()
    },
    async channels() {
      return readRows(db, CHANNEL_STATES, await db.selectFrom('outbox_channel').selectAll().execute())
    },
    async saveChannel(state) {
      const json = JSON.stringify(state)
      await db
        .insertInto('outbox_channel')
        .values({ id: state.id, json })
        .onConflict((conflict) => conflict.column('id').doUpdateSet({ json }))
        .execute()
    },
  }
}

function rowOf(entry: OutboxEntry): OutboxTable {
  return {
    id: entry.id,
    ticket_id: entry.outgoing.ticketId ?? '',
    state: entry.state,
    channel: entry.channel ?? null,
    created_at: entry.createdAt,
    due_at: entry.dueAt,
    failures: entry.failures,
    why: entry.why ?? null,
    why_en: entry.whyEn ?? null,
    done_at: entry.doneAt ?? null,
    json: JSON.stringify(entry.outgoing),
    reached: entry.reached === undefined ? null : JSON.stringify(entry.reached),
  }
}

function entryFrom(row: OutboxTable, outgoing: Outgoing): OutboxEntry {
  return {
    id: row.id,
    outgoing,
    state: row.state as OutboxState,
    createdAt: row.created_at,
    dueAt: row.due_at,
    failures: row.failures,
    ...(row.channel === null ? {} : { channel: row.channel }),
    ...(row.reached === null ? {} : { reached: fromJson(row.reached) as Reached }),
    ...(row.why === null ? {} : { why: row.why }),
    ...(row.why_en === null ? {} : { whyEn: row.why_en }),
    ...(row.done_at === null ? {} : { doneAt: row.done_at }),
  }
}
