import { DatabaseSync } from 'node:sqlite'
import { isMainThread } from 'node:worker_threads'

/**
 * Loaded before a server (`node --import`): the thread that stores readings dies, as of too little memory,
 * whenever it writes a sample with a signal called `poison`.
 */
const prepare = DatabaseSync.prototype.prepare

DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string, ...more: never[]) {
  const statement = prepare.call(this, sql, ...more)
  if (isMainThread || !sql.startsWith('insert into chunks')) return statement
  const run = statement.run.bind(statement) as (...values: unknown[]) => never
  statement.run = ((key: unknown, body: Uint8Array) => {
    if (Buffer.from(body).includes('"poison"')) process.exit(1)
    return run(key, body)
  }) as typeof statement.run
  return statement
}
