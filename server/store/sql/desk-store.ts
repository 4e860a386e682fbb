import type { CheckIn } from '../../domain/notice/check-in.ts'
import type { Notice } from '../../domain/notice/notice.ts'
import type { Unit } from '../../flows/decisions.ts'
import { among, type Database, fromJson } from './database.ts'
import type { CheckInTable } from './ticket-tables.ts'

export function createCheckInStore(db: Database): Unit['checkIns'] {
  return {
    async open() {
      const rows = await db.selectFrom('check_in').selectAll().where('ended_at', 'is', null).execute()
      return rows.map(checkInOf)
    },
    async load(id) {
      const row = await db.selectFrom('check_in').selectAll().where('id', '=', id).executeTakeFirst()
      return row === undefined ? undefined : checkInOf(row)
    },
    async save({ id, assetId, reason, personId, personName, since, until, endedAt }) {
      const row = {
        asset_id: assetId,
        reason,
        person_id: personId,
        person_name: personName,
        since,
        until,
        ended_at: endedAt ?? null,
      }
      await db
        .insertInto('check_in')
        .values({ id, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
    },
  }
}

function checkInOf(row: CheckInTable): CheckIn {
  return {
    id: row.id,
    assetId: row.asset_id,
    reason: row.reason,
    personId: row.person_id,
    personName: row.person_name,
    since: row.since,
    until: row.until,
    ...(row.ended_at === null ? {} : { endedAt: row.ended_at }),
  }
}

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

export function createAttachmentStore(db: Database): Unit['attachments'] {
  return {
    async save({ personId, createdAt, ...same }) {
      await db
        .insertInto('attachment')
        .values({ ...same, person_id: personId, created_at: createdAt })
        .execute()
    },
    async load(id) {
      const row = await db.selectFrom('attachment').selectAll().where('id', '=', id).executeTakeFirst()
      if (row === undefined) return undefined
      const { person_id: personId, created_at: createdAt, ...same } = row
      return { ...same, personId, createdAt }
    },
    async existing(ids) {
      if (ids.length === 0) return new Set()
      const rows = await db.selectFrom('attachment').select('id').where('id', 'in', among(ids)).execute()
      return new Set(rows.map(({ id }) => id))
    },
  }
}

export function createOnceStore(db: Database): Unit['once'] {
  return {
    async find({ scope, key }) {
      const row = await db
        .selectFrom('idempotency_key')
        .select(['fingerprint', 'result'])
        .where('scope', '=', scope)
        .where('key', '=', key)
        .executeTakeFirst()
      if (row === undefined) return undefined
      return { fingerprint: row.fingerprint, result: fromJson(row.result) as unknown }
    },
    async keep({ scope, key, fingerprint }, result, { at, forgetBefore }) {
      await db.deleteFrom('idempotency_key').where('created_at', '<', forgetBefore).execute()
      await db
        .insertInto('idempotency_key')
        .values({ scope, key, fingerprint, created_at: at, result: JSON.stringify(result) })
        .execute()
    },
  }
}
