import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/**
 * Copies a consistent snapshot of an SQLite file that is being written to, and checks it. It runs in its own
 * thread, so that the journal can be watched meanwhile.
 */
export async function copySqlite(from: string, to: string): Promise<void> {
  const workerData = { from, to }
  await once(new Worker(new URL('./copy-thread.ts', import.meta.url), { workerData }), 'exit')
}
