import type { CheckIn } from '../../domain/notice/check-in.ts'
import type { Repositories } from '../../flows/decisions/decisions.ts'
import type { Database } from './database.ts'
import type { CheckInTable } from './ticket-tables.ts'

/** Crews that have checked in at a well. */
export function createCheckInStore(db: Database): Repositories['checkIns'] {
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
