import { Worker } from 'node:worker_threads'
import type { HistoryPage, HistoryPages } from '../../flows/readings/history-pages.ts'
import { StoreUnavailable, type Log } from '../../flows/ports.ts'
import type { AskedPage, ToldPage } from './history-worker.ts'
import type { ReadingsSettings } from './open-readings.ts'

/** A question that needs more is refused, and the next one finds a new thread. */
const MAX_MEMORY_MB = 512

type Settle = Pick<PromiseWithResolvers<HistoryPage>, 'resolve' | 'reject'>

/** Reads the history in a thread of its own, begun with the first question: devices are acknowledged meanwhile. */
export function startHistoryThread(settings: ReadingsSettings, log: Log): HistoryPages {
  const asked = new Map<number, Settle>()
  let count = 0
  let thread: Worker | undefined

  function begin(): Worker {
    const begun = new Worker(new URL('./history-worker.ts', import.meta.url), {
      workerData: settings,
      name: 'history',
      resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB },
    })
    begun.on('message', hear)
    begun.on('error', (error) => log.error({ err: error }, 'the thread that reads the history fell'))
    begun.on('exit', () => {
      thread = undefined
      for (const { reject } of asked.values()) reject(new StoreUnavailable('the reader of the history fell'))
      asked.clear()
    })
    return begun
  }

  function hear(told: ToldPage): void {
    if (told.kind === 'damaged') return log.error({ why: told.why }, told.text)
    const settle = asked.get(told.id)
    asked.delete(told.id)
    if (told.kind === 'page') settle?.resolve(told.page)
    else settle?.reject(told.isAway ? new StoreUnavailable(told.why) : new Error(told.why))
  }

  return {
    read(query) {
      thread ??= begin()
      const { promise, ...settle } = Promise.withResolvers<HistoryPage>()
      count += 1
      asked.set(count, settle)
      thread.postMessage({ id: count, query } satisfies AskedPage)
      return promise
    },
    async close() {
      await thread?.terminate()
    },
  }
}
