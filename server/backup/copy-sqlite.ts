import { once } from 'node:events'
import { DatabaseSync } from 'node:sqlite'
import { Worker } from 'node:worker_threads'

export interface SqliteCopy {
  readonly from: string
  readonly to: string
}

/**
 * Copies a consistent snapshot of an SQLite file that is being written to, and checks it. It runs in its own
 * thread, so that the journal can be watched meanwhile.
 */
export async function copySqlite(from: string, to: string): Promise<void> {
  const workerData: SqliteCopy = { from, to }
  await once(new Worker(new URL('./copy-thread.ts', import.meta.url), { workerData }), 'exit')
}

/** @throws Error when a page of the file or the order of an index is wrong */
export function checkSqlite(path: string): void {
  const db = new DatabaseSync(path, { readOnly: true })
  try {
    const said = db.prepare('pragma integrity_check').get()?.['integrity_check']
    if (said !== 'ok') throw new Error(`${path}: ${String(said)}`)
  } finally {
    db.close()
  }
}
