import type { DetectionStore } from '../../flows/detection/detection-store.ts'
import { sql } from 'kysely'
import type { Database } from './database.ts'

const ONLY_ROW = 1

/** The detector's state in SQL: generations of parts, and one row that says which of them are true. */
export function createDetectionStore(db: Database): DetectionStore {
  const checkpoint = () =>
    db.selectFrom('detection_checkpoint').selectAll().where('id', '=', ONLY_ROW).executeTakeFirst()

  return {
    async load() {
      const saved = await checkpoint()
      // Parts of a checkpoint that a crash cut off must not become part of the next one.
      await db
        .deleteFrom('detection_part')
        .where('generation', '>', saved?.generation ?? 0)
        .execute()
      if (saved === undefined) return undefined
      const parts = await db
        .selectFrom('detection_part')
        .select((row) => ['name', 'body', row.fn.max('generation').as('generation')])
        .groupBy('name')
        .execute()
      const ticks = await db
        .selectFrom('detection_tick')
        .selectAll()
        .orderBy('cursor')
        .orderBy('at')
        .execute()
      return { cursor: saved.cursor, aliveAt: saved.alive_at, parts, ticks }
    },

    async write(parts) {
      if (parts.length === 0) return
      const generation = ((await checkpoint())?.generation ?? 0) + 1
      await withoutSync(db, (connection) =>
        connection
          .insertInto('detection_part')
          .values(parts.map(({ name, body }) => ({ name, body, generation })))
          .onConflict((conflict) =>
            conflict
              .columns(['name', 'generation'])
              .doUpdateSet((row) => ({ body: row.ref('excluded.body') })),
          )
          .execute(),
      )
    },

    async commit({ cursor, judgedTo, aliveAt }) {
      const generation = ((await checkpoint())?.generation ?? 0) + 1
      const row = { generation, cursor, alive_at: aliveAt }
      await db.transaction().execute(async (transaction) => {
        await transaction
          .insertInto('detection_checkpoint')
          .values({ id: ONLY_ROW, ...row })
          .onConflict((conflict) => conflict.column('id').doUpdateSet(row))
          .execute()
        await transaction
          .deleteFrom('detection_tick')
          .where(({ eb, and, or }) =>
            or([eb('cursor', '<', cursor), and([eb('cursor', '=', cursor), eb('at', '<=', judgedTo)])]),
          )
          .execute()
      })
    },

    async forgetOlder(names) {
      const generation = (await checkpoint())?.generation ?? 0
      await withoutSync(db, (connection) =>
        connection
          .deleteFrom('detection_part')
          .where('generation', '<', generation)
          .where('name', 'in', names)
          .execute(),
      )
    },

    async saveTick(tick) {
      await db
        .insertInto('detection_tick')
        .values(tick)
        .onConflict((conflict) => conflict.columns(['at', 'cursor']).doNothing())
        .execute()
    },

    async saveAlive(at) {
      await db.updateTable('detection_checkpoint').set({ alive_at: at }).where('id', '=', ONLY_ROW).execute()
    },
  }
}

/**
 * Parts count only from the commit of their checkpoint on, and the sync of that commit puts the whole log on
 * disk: so the main thread waits for the disk once a checkpoint instead of once a part. The connection is
 * exclusive meanwhile.
 */
async function withoutSync(db: Database, work: (connection: Database) => Promise<unknown>): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`pragma synchronous = normal`.execute(connection)
    try {
      await work(connection)
    } finally {
      await sql`pragma synchronous = full`.execute(connection)
    }
  })
}
