import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import { Kysely, sql, type SqliteDatabase, type SqliteStatement } from 'kysely'
import { LRUCache } from 'lru-cache'
import { DamagedRow } from '../../flows/ports.ts'
import { BusyRetryDialect } from './busy-retry-dialect.ts'
import type { Tables } from './tables.ts'

export type Database = Kysely<Tables>

/** Opens the store of decisions: one SQLite file, write-ahead log, every commit on disk. */
export function openDatabase(path: string): Database {
  const sqlite = new DatabaseSync(path)
  sqlite.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on')
  // What is forgotten must be gone from the disk too, and not lie on in a free page.
  sqlite.exec('pragma secure_delete = on')
  return new Kysely<Tables>({ dialect: new BusyRetryDialect({ database: adapt(sqlite) }) })
}

/** Statements kept prepared, the least recently used dropped; the stores use far fewer. */
const MAX_PREPARED = 500

/** node:sqlite in the shape that Kysely's SQLite dialect asks for. */
function adapt(sqlite: DatabaseSync): SqliteDatabase {
  const prepared = new LRUCache<string, SqliteStatement>({ max: MAX_PREPARED })
  return {
    close: () => sqlite.close(),
    prepare: (text): SqliteStatement => {
      const known = prepared.get(text)
      if (known !== undefined) return known
      const statement = sqlite.prepare(text)
      const made: SqliteStatement = {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) =>
          statement.iterate(...(parameters as SQLInputValue[])) as IterableIterator<unknown>,
      }
      prepared.set(text, made)
      return made
    },
  }
}

/** @throws DamagedRow when the text is no JSON */
export function fromJson(text: string, place = 'a row'): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new DamagedRow(place, `holds ${JSON.stringify(text.slice(0, 60))}`, { cause: error })
  }
}

/** A list of ids as one parameter, so that its length does not change the prepared statement. */
export function among<Id extends string | number>(ids: readonly Id[]) {
  return sql<Id>`(select value from json_each(${JSON.stringify(ids)}))`
}
