import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { workerData } from 'node:worker_threads'
import { checkSqlite } from './check-sqlite.ts'

/** The thread that copies one file and ends. */
const { from, to } = workerData as { from: string; to: string }
const source = new DatabaseSync(from)
try {
  source.exec('pragma busy_timeout = 10000')
  source.prepare('vacuum into ?').run(to)
} finally {
  source.close()
}
chmodSync(to, 0o600)
checkSqlite(to)
