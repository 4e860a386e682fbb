import type { Repositories } from '../../flows/decisions/decisions.ts'
import { among, type Database } from './database.ts'

/** What is known of each attachment; its bytes are a file. */
export function createAttachmentStore(db: Database): Repositories['attachments'] {
  return {
    async save({ personId, createdAt, ...same }) {
      await db
        .insertInto('attachment')
        .values({ ...same, person_id: personId, created_at: createdAt, used: 0 })
        .execute()
    },
    async load(id) {
      const row = await db
        .selectFrom('attachment')
        .select(['id', 'name', 'type', 'bytes', 'person_id', 'created_at'])
        .where('id', '=', id)
        .executeTakeFirst()
      if (row === undefined) return undefined
      const { person_id: personId, created_at: createdAt, ...same } = row
      return { ...same, personId, createdAt }
    },
    async existing(ids) {
      if (ids.length === 0) return new Set()
      const rows = await db.selectFrom('attachment').select('id').where('id', 'in', among(ids)).execute()
      return new Set(rows.map(({ id }) => id))
    },
    async markUsed(ids) {
      if (ids.length === 0) return
      await db.updateTable('attachment').set({ used: 1 }).where('id', 'in', among(ids)).execute()
    },
    async bytes(by) {
      const sum = db.selectFrom('attachment').select(({ fn }) => fn.sum<number | null>('bytes').as('bytes'))
      const asked =
        by === undefined ? sum : sum.where('person_id', '=', by.personId).where('created_at', '>', by.since)
      return (await asked.executeTakeFirstOrThrow()).bytes ?? 0
    },
    async removeUnused(before) {
      const rows = await db
        .deleteFrom('attachment')
        .where('used', '=', 0)
        .where('created_at', '<', before)
        .returning('id')
        .execute()
      return rows.map(({ id }) => id)
    },
  }
}
