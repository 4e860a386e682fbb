import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

/** Opens the store of decisions: one SQLite file, write-ahead log, every commit on disk. */
export function openDatabase(path: string): Database {
  const sqlite = new DatabaseSync(path)
  sqlite.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  sqlite.exec('pragma busy_timeout = 5000')
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: adapt(sqlite) }) })
}

/** Statements kept prepared; every one that the stores use, several times over. */
const MOST_PREPARED = 500

/** node:sqlite in the shape that Kysely's SQLite dialect asks for. */
function adapt(sqlite: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>()
  return {
    close: () => sqlite.close(),
    prepare: (sql): SqliteStatement => {
      const known = prepared.get(sql)
      if (known !== undefined) return known
      if (prepared.size >= MOST_PREPARED) prepared.clear()
      const statement = sqlite.prepare(sql)
      const made: SqliteStatement = {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) =>
          statement.iterate(...(parameters as SQLInputValue[])) as IterableIterator<unknown>,
      }
      prepared.set(sql, made)
      return made
    },
  }
}
