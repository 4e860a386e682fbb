import { Worker } from 'node:worker_threads'
import type { BacktestNews, StartBacktest } from '../flows/backtest/backtests.ts'
import type { ReadingsSettings } from '../store/readings/open-readings.ts'

const MAX_MEMORY_MB = 1024

/** Backtests in a thread of their own, with its own connection to the readings store. */
export function backtestThread(store: ReadingsSettings): StartBacktest {
  return (order, hear) => {
    const worker = new Worker(new URL('./backtest-worker.ts', import.meta.url), {
      workerData: { order, store },
      resourceLimits: { maxOldGenerationSizeMb: MAX_MEMORY_MB },
    })
    worker.on('message', (news: BacktestNews) => {
      hear(news)
    })
    worker.on('error', (error) => {
      hear({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) })
    })
    worker.on('exit', () => {
      hear({ kind: 'failed', problem: 'the backtest stopped before its end' })
    })
    return {
      stop: async () => {
        await worker.terminate()
      },
    }
  }
}
