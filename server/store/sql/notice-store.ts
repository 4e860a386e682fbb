import type { Notice } from '../../domain/notice/notice.ts'
import type { Unit } from '../../flows/decisions/decisions.ts'
import { fromJson, type Database } from './database.ts'

/** Notices of works and outages. */
export function createNoticeStore(db: Database): Unit['notices'] {
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
        .select('json')
        .where((e) => e.or([e('until', 'is', null), e('until', '>', at)]))
        .orderBy('effective_at', 'desc')
        .limit(500)
        .execute()
      return rows.map(({ json }) => fromJson(json) as Notice)
    },
  }
}
