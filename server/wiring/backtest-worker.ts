import { parentPort, workerData } from 'node:worker_threads'
import type { BacktestChange } from '../flows/backtest/incidents.ts'
import { NO_NETWORK } from '../domain/network/build.ts'
import { backtestHistory } from '../flows/backtest/history.ts'
import type { BacktestNews, BacktestOrder } from '../flows/backtest/backtests.ts'
import { networkFrom } from '../flows/network/network-work.ts'
import { openReadingsHistory, type ReadingsSettings } from '../store/readings/open-readings.ts'

const port = parentPort
if (port === null) throw new Error('backtest-worker.ts runs as a worker thread')
const say = (news: BacktestNews): void => {
  port.postMessage(news)
}

const { order, store } = workerData as { order: BacktestOrder; store: ReadingsSettings }
const history = openReadingsHistory(store)
let changes: BacktestChange[] = []
try {
  const done = await backtestHistory({
    ...order,
    network: order.network === undefined ? NO_NETWORK : networkFrom(order.network),
    history,
    say: (change) => changes.push(change),
    progress(share) {
      say({ kind: 'progress', share, changes })
      changes = []
    },
  })
  say({ kind: 'progress', share: 1, changes })
  say({ kind: 'done', account: done.account })
} catch (error) {
  say({ kind: 'failed', problem: error instanceof Error ? error.message : String(error) })
} finally {
  await history.close()
  port.close()
}
