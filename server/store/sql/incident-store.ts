import { sql } from 'kysely'
import type { Incident } from '../../domain/incident/incident.ts'
import type { Repositories } from '../../flows/decisions/decisions.ts'
import type { Database } from './database.ts'
import { readRows } from './stored-rows.ts'
import { INCIDENTS } from './stored-shapes.ts'
import { after, pageOf } from './page.ts'
import { weeks } from './weeks.ts'

/** The same words as in the index of open incidents (0024-incident-lists.ts): SQLite uses it for no others. */
export const NOT_OVER = sql<boolean>`state not in ('closed', 'merged')`

export function createIncidentStore(db: Database): Repositories['incidents'] {
  return {
    async load(id) {
      const row = await db
        .selectFrom('incident')
        .select(['id', 'json'])
        .where('id', '=', id)
        .executeTakeFirst()
      return row && INCIDENTS.read(row)
    },
    async open() {
      const rows = await db
        .selectFrom('incident')
        .select(['id', 'json'])
        .where(NOT_OVER)
        .orderBy('opened_at')
        .execute()
      return readRows(db, INCIDENTS, rows)
    },
    async ofMember(memberId) {
      const rows = await db
        .selectFrom('incident_member')
        .innerJoin('incident', 'incident.id', 'incident_member.incident_id')
        .select(['incident.id', 'incident.json'])
        .where('incident_member.member_id', '=', memberId)
        .execute()
      return readRows(db, INCIDENTS, rows)
    },
    async mergedInto(id) {
      const rows = await db
        .selectFrom('incident')
        .select(['id', 'json'])
        .where('state', '=', 'merged')
        .execute()
      return readRows(db, INCIDENTS, rows).filter(({ mergedInto }) => mergedInto === id)
    },
    async list({ state, cursor, limit }) {
      let query = db
        .selectFrom('incident')
        .select(['id', 'opened_at', 'json'])
        .where(after('opened_at', cursor))
        .orderBy('opened_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (state === 'open') query = query.where(NOT_OVER)
      else if (state !== undefined) query = query.where('state', '=', state)
      const rows = await query.execute()
      const { shown, next } = pageOf(rows, limit, (row) => row.opened_at)
      return { items: readRows(db, INCIDENTS, shown), ...next }
    },
    async *openedIn(period) {
      for (const { from, to } of weeks(period)) {
        const rows = await db
          .selectFrom('incident')
          .select(['id', 'json'])
          .where('opened_at', '>=', from)
          .where('opened_at', '<', to)
          .where('state', '!=', 'merged')
          .execute()
        yield readRows(db, INCIDENTS, rows).filter(({ exercise }) => !exercise)
      }
    },
    async save(incident, at) {
      const { id, version, state, openedAt } = incident
      const row = {
        version,
        state,
        opened_at: openedAt,
        changed_at: at,
        json: JSON.stringify(incident),
        first_finding_at: firstFinding(incident),
      }
      await db
        .insertInto('incident')
        .values({ id, known_at: at, ...row })
        .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
        .execute()
      const known = { state, json: row.json }
      await db
        .insertInto('incident_version')
        .values({ incident_id: id, at, ...known })
        .onConflict((conflict) => conflict.columns(['incident_id', 'at']).doUpdateSet(known))
        .execute()
      for (const member of incident.members) {
        await db
          .insertInto('incident_member')
          .values({ member_id: member.id, incident_id: id })
          .onConflict((conflict) => conflict.doNothing())
          .execute()
      }
    },
  }
}

function firstFinding({ members, exercise, state }: Incident): number | null {
  const findings = members.filter(({ type }) => type === 'finding')
  if (exercise || state === 'merged' || findings.length === 0) return null
  return Math.min(...findings.map(({ joinedAt }) => joinedAt))
}
