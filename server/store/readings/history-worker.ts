import { parentPort, workerData } from 'node:worker_threads'
import { createHistoryPages, type HistoryPage } from '../../flows/readings/history-pages.ts'
import { StoreUnavailable, type Log, type ReadingsQuery } from '../../flows/ports.ts'
import { openReadingsHistory, type ReadingsSettings } from './open-readings.ts'

export interface AskedPage {
  readonly id: number
  readonly query: ReadingsQuery
}
export type ToldPage =
  | { readonly kind: 'page'; readonly id: number; readonly page: HistoryPage }
  | { readonly kind: 'failed'; readonly id: number; readonly why: string; readonly isAway: boolean }
  | { readonly kind: 'damaged'; readonly why: string; readonly text: string }

/** The thread that reads the history: a day of a device with many signals is a million values to decode. */
const port = parentPort
if (port === null) throw new Error('history-worker.ts runs as a worker thread')
const tell = (message: ToldPage): void => {
  port.postMessage(message)
}
const nothing = (): void => undefined
const log: Log = {
  debug: nothing,
  info: nothing,
  warn: nothing,
  error: (facts, text) => {
    const { err } = facts as { readonly err?: unknown }
    tell({ kind: 'damaged', why: JSON.stringify({ ...facts, err: String(err) }), text })
  },
}
const pages = createHistoryPages(openReadingsHistory(workerData as ReadingsSettings, log))

port.on('message', ({ id, query }: AskedPage) => {
  pages.read(query).then(
    (page) => tell({ kind: 'page', id, page }),
    (error: unknown) => {
      const why = error instanceof Error ? error.message : String(error)
      tell({ kind: 'failed', id, why, isAway: error instanceof StoreUnavailable })
    },
  )
})
