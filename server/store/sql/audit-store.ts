import { FIRST_LINK, nextLink } from '../../domain/access/chain.ts'
import type { AuditEntry, AuditStore, ChainReport } from '../../flows/access/audit.ts'
import { accessRecord, eventRecord } from './audit-record.ts'
import type { Database } from './database.ts'

const AT_ONCE = 1000

export function createAuditStore(db: Database): AuditStore {
  return {
    async add(entries) {
      await db.transaction().execute(async (unit) => {
        let link = await headOf(unit, 'audit')
        for (const entry of entries) {
          const row = rowOf(entry)
          link = nextLink(link, accessRecord(row))
          await unit
            .insertInto('audit')
            .values({ ...row, link })
            .execute()
        }
      })
    },
    async list({ who, cursor, limit }) {
      let query = db
        .selectFrom('audit')
        .selectAll()
        .orderBy('seq', 'desc')
        .limit(limit + 1)
      if (who !== undefined) query = query.where('who', '=', who)
      if (cursor !== undefined) query = query.where('seq', '<', Number(cursor))
      const rows = await query.execute()
      const items = rows
        .slice(0, limit)
        .map(({ address, ...row }) => ({ ...row, ...(address === null ? {} : { address }) }))
      const last = items.at(-1)
      return rows.length > limit && last !== undefined ? { items, next: String(last.seq) } : { items }
    },
    verify: async (link) => ({
      events: await walk((after: number) => eventsAfter(db, after), eventRecord, link),
      access: await walk((after: number) => accessAfter(db, after), accessRecord, link),
    }),
  }
}

/** The newest link; read it in the transaction that appends the next one. */
export async function headOf(db: Database, table: 'audit' | 'ticket_event'): Promise<string> {
  const row = await db.selectFrom(table).select('link').orderBy('seq', 'desc').limit(1).executeTakeFirst()
  return row?.link ?? FIRST_LINK
}

/** Numbers have no gaps, so a record removed from the middle shows twice. */
async function walk<Row extends { readonly seq: number; readonly link: string }>(
  after: (seq: number) => Promise<readonly Row[]>,
  record: (row: Row) => readonly (string | number | null)[],
  wanted: string | undefined,
): Promise<ChainReport> {
  let head = FIRST_LINK
  let records = 0
  let found = wanted === undefined ? undefined : false
  for (let last = Number.MIN_SAFE_INTEGER; ;) {
    const rows = await after(last)
    for (const row of rows) {
      const link = nextLink(head, record(row))
      if (link !== row.link) return { records, head, brokenAt: row.seq }
      head = link
      if (link === wanted) found = true
      records += 1
      last = row.seq
    }
    if (rows.length < AT_ONCE) return { records, head, ...(found === undefined ? {} : { found }) }
  }
}

function eventsAfter(db: Database, seq: number) {
  return db
    .selectFrom('ticket_event')
    .selectAll()
    .where('seq', '>', seq)
    .orderBy('seq')
    .limit(AT_ONCE)
    .execute()
}

function accessAfter(db: Database, seq: number) {
  return db.selectFrom('audit').selectAll().where('seq', '>', seq).orderBy('seq').limit(AT_ONCE).execute()
}

function rowOf({ at, who, address, action, subject, status }: AuditEntry) {
  return {
    at,
    status,
    address: address?.slice(0, 64) ?? null,
    who: who.slice(0, 100),
    action: action.slice(0, 100),
    subject: subject.slice(0, 300),
  }
}
