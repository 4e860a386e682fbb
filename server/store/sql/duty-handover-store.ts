import type { HandoverRecord } from '../../domain/duty/handover.ts'
import type { DutyStore } from '../../flows/decisions/duty-store.ts'
import { insertedUnlessTaken } from './unique-violation.ts'
import { among, type Database } from './database.ts'
import { readRow, readRows, type StoredRow } from './stored-rows.ts'
import { HANDOVERS, SIGNATURES } from './stored-shapes.ts'
import { after, pageOf } from './page.ts'

/** Handovers with their signatures, and in which later handover an unsigned one continues. */
export function createHandoverStore(db: Database): DutyStore['handovers'] {
  async function recordsOf(rows: readonly StoredRow[]): Promise<readonly HandoverRecord[]> {
    const handovers = readRows(db, HANDOVERS, rows)
    const ids = handovers.map(({ id }) => id)
    if (ids.length === 0) return []
    const signed = await db
      .selectFrom('handover_signature')
      .selectAll()
      .where('handover_id', 'in', among(ids))
      .execute()
    const carried = await db
      .selectFrom('handover_carry')
      .selectAll()
      .where('handover_id', 'in', among(ids))
      .execute()
    return handovers.map((handover) => {
      const signatures = signed
        .filter(({ handover_id }) => handover_id === handover.id)
        .flatMap(({ json, side }) => readRow(db, SIGNATURES, { id: `${handover.id} ${side}`, json }) ?? [])
        .toSorted((a, b) => a.at - b.at)
      const into = carried.find(({ handover_id }) => handover_id === handover.id)?.into_id
      return { handover, signatures, ...(into === undefined ? {} : { carriedInto: into }) }
    })
  }

  return {
    async load(id) {
      const rows = await db.selectFrom('handover').select(['id', 'json']).where('id', '=', id).execute()
      return (await recordsOf(rows))[0]
    },
    async list({ departmentId, cursor, limit }) {
      let query = db
        .selectFrom('handover')
        .selectAll()
        .where(after('opened_at', cursor))
        .orderBy('opened_at', 'desc')
        .orderBy('id', 'desc')
        .limit(limit + 1)
      if (departmentId !== undefined) query = query.where('department_id', '=', departmentId)
      const rows = await query.execute()
      const { shown, next } = pageOf(rows, limit, (row) => row.opened_at)
      return { items: await recordsOf(shown), ...next }
    },
    async unsigned(departmentId) {
      const rows = await db
        .selectFrom('handover')
        .select(['id', 'json'])
        .where('department_id', '=', departmentId)
        .where('id', 'not in', db.selectFrom('handover_carry').select('handover_id'))
        .where(
          'id',
          'not in',
          db
            .selectFrom('handover_signature')
            .select('handover_id')
            .groupBy('handover_id')
            .having((e) => e(e.fn.countAll(), '>=', 2)),
        )
        .orderBy('opened_at')
        .orderBy('id')
        .execute()
      return recordsOf(rows)
    },
    async add(handover) {
      const { id, departmentId, openedAt, carried } = handover
      const row = { id, department_id: departmentId, opened_at: openedAt, json: JSON.stringify(handover) }
      await db.insertInto('handover').values(row).execute()
      for (const each of carried) {
        await db.insertInto('handover_carry').values({ handover_id: each, into_id: id }).execute()
      }
    },
    sign(handoverId, signature) {
      const row = { handover_id: handoverId, side: signature.side, json: JSON.stringify(signature) }
      return insertedUnlessTaken(db.insertInto('handover_signature').values(row).execute())
    },
  }
}
