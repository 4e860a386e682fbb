import type { Unit } from '../../flows/decisions.ts'
import { among, type Database } from './database.ts'

/** What is known of each attachment; its bytes are a file. */
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
