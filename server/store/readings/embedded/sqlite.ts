import { renameSync, rmSync } from 'node:fs'
import { DatabaseSync, type StatementSync } from 'node:sqlite'

const TIDY_FILES =
  'pragma journal_size_limit = 16777216; pragma synchronous = full; pragma busy_timeout = 5000'

/**
 * Makes a file that appears under its name only once its tables are there and `prepare` is done, so that
 * nobody meets it without.
 */
export function makeFile(path: string, tables: string, prepare: (db: DatabaseSync) => void): void {
  const unfinished = `${path}.new`
  for (const suffix of ['', '-journal']) rmSync(`${unfinished}${suffix}`, { force: true })
  const fresh = new DatabaseSync(unfinished)
  try {
    fresh.exec(`pragma auto_vacuum = incremental; ${tables}`)
    prepare(fresh)
  } finally {
    fresh.close()
  }
  // The write-ahead log of one that was lost would be taken for the new one's.
  for (const suffix of ['-wal', '-shm']) rmSync(`${path}${suffix}`, { force: true })
  renameSync(unfinished, path)
}

export function openForWriting(path: string): DatabaseSync {
  const db = new DatabaseSync(path)
  db.exec(`pragma journal_mode = wal; ${TIDY_FILES}`)
  return db
}

export function openForReading(path: string): DatabaseSync {
  const db = new DatabaseSync(path, { readOnly: true })
  db.exec('pragma busy_timeout = 40')
  return db
}

const prepared = new WeakMap<DatabaseSync, Map<string, StatementSync>>()

/** A statement, compiled once for each file. */
export function sql(db: DatabaseSync, text: string): StatementSync {
  let known = prepared.get(db)
  if (known === undefined) prepared.set(db, (known = new Map()))
  let statement = known.get(text)
  if (statement === undefined) known.set(text, (statement = db.prepare(text)))
  return statement
}

/** Runs `work` in one transaction; nothing of it stays when it throws. */
export function inTransaction<T>(db: DatabaseSync, work: () => T, kind = 'immediate'): T {
  db.exec(`begin ${kind}`)
  try {
    const result = work()
    db.exec('commit')
    return result
  } catch (error) {
    if (db.isTransaction) db.exec('rollback')
    throw error
  }
}
