import type { Repositories } from '../../flows/decisions/decisions.ts'
import type { Database } from './database.ts'
import { readRows } from './stored-rows.ts'
import { NOTICES } from './stored-shapes.ts'

/** Notices of works and outages. */
export function createNoticeStore(db: Database): Repositories['notices'] {
  return {
    async save(notice) {
      const { id, kind, receivedAt, effectiveAt, until } = notice
      await db
        .insertInto('notice')
        .values({
          id,
          kind,
          received_at: receivedAt,
          effective_at: effectiveAt,
          until: until ?? null,
          json: JSON.stringify(notice),
        })
        .execute()
    },
    async current(at) {
      const rows = await db
        .selectFrom('notice')
        .select(['id', 'json'])
        .where((e) => e.or([e('until', 'is', null), e('until', '>', at)]))
        .orderBy('effective_at', 'desc')
        .limit(500)
        .execute()
      return readRows(db, NOTICES, rows)
    },
  }
}
