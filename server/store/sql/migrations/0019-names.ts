import { sql, type Kysely } from 'kysely'
import { withNames } from '#contract/former-names.ts'

/** What is derived or still to be sent. Events stay as they are: each is hashed into a chain. */
const COLUMNS = [
  ['ticket', 'json'],
  ['fact_shape', 'json'],
  ['outbox', 'json'],
  ['policy_edition', 'json'],
  ['idempotency_key', 'result'],
] as const
const ROWS_AT_ONCE = 500

/** Clocks and routing rules are called by names instead of C7 or D3. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const [tableName, columnName] of COLUMNS) {
    const [table, column] = [sql.table(tableName), sql.ref(columnName)]
    for (let after = -1; ;) {
      const { rows } = await sql<{ row: number; json: string }>`
        select rowid as row, ${column} as json from ${table}
        where rowid > ${after} and ${column} glob '*"[CD][0-9]*' order by rowid limit ${ROWS_AT_ONCE}`.execute(
        db,
      )
      const last = rows.at(-1)
      if (last === undefined) break
      for (const { row, json } of rows) {
        const named = JSON.stringify(withNames(JSON.parse(json)).value)
        await sql`update ${table} set ${column} = ${named} where rowid = ${row}`.execute(db)
      }
      after = last.row
    }
  }
}
