import { existsSync, readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

/**
 * Loaded before a server (`node --import`): once the file that `FAILPOINT` names says `before` or
 * `after`, the process dies, as by a power cut, right there around the next commit of a ticket's event.
 */
const file = process.env['FAILPOINT'] ?? ''
const prepare = DatabaseSync.prototype.prepare
let holdsEvent = false

DatabaseSync.prototype.prepare = function (this: DatabaseSync, sql: string, ...more: never[]) {
  const statement = prepare.call(this, sql, ...more)
  if (sql.startsWith('insert into "ticket_event"')) {
    for (const way of ['run', 'all'] as const) {
      const execute = statement[way].bind(statement) as (...values: never[]) => never
      statement[way] = (...values: never[]) => {
        holdsEvent = true
        return execute(...values)
      }
    }
  }
  if (sql !== 'commit') return statement
  const run = statement.run.bind(statement)
  const dying = (...values: never[]) => {
    const where = holdsEvent && existsSync(file) ? readFileSync(file, 'utf8') : ''
    holdsEvent = false
    if (where === 'before') process.kill(process.pid, 'SIGKILL')
    const done = run(...values)
    if (where === 'after') process.kill(process.pid, 'SIGKILL')
    return done
  }
  statement.run = dying as typeof statement.run
  return statement
}
