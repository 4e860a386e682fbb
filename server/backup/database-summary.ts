import { createHash } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'
import type { Manifest } from './manifest.ts'

/** What a restored store of decisions must have in common with the one that was backed up. */
export function summaryOf(path: string): Pick<Manifest, 'rows' | 'deadlines' | 'schema'> {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const texts = (sql: string, column: string): string[] =>
      db
        .prepare(sql)
        .all()
        .map((row) => String(row[column]))
    const tables = texts(
      `select name from sqlite_schema where type = 'table' and name not like 'sqlite_%' order by name`,
      'name',
    )
    const rows = tables.map((table): [string, number] => [
      table,
      Number(db.prepare(`select count(*) as n from "${table}"`).get()?.['n']),
    ])
    const due = texts(
      `select id || ' ' || next_due_at as due from ticket where next_due_at is not null order by id`,
      'due',
    )
    const sha256 = createHash('sha256').update(due.join('\n')).digest('hex')
    return {
      rows: Object.fromEntries(rows),
      deadlines: { count: due.length, sha256 },
      schema: texts('select name from kysely_migration order by name', 'name'),
    }
  } finally {
    db.close()
  }
}
