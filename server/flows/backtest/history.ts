import type { DetectionSettings } from '../../domain/detection/core/settings.ts'
import { DAY, MINUTE, SECOND, type Instant } from '../../domain/instant.ts'
import type { Network } from '../../domain/network/network.ts'
import { createRowReplay, type BacktestDone } from './backtest.ts'
import type { BacktestChange } from './incidents.ts'
import type { Row } from './row.ts'
import { createRowSorter } from './sort.ts'
import type { ReadingsHistory } from '../ports.ts'

export interface HistoryRun {
  readonly network: Network
  readonly settings: DetectionSettings
  readonly history: Pick<ReadingsHistory, 'query'>
  readonly from: Instant
  readonly to: Instant
  say(change: BacktestChange): void
  progress(share: number): void
}

/** Rows held at once, by what the devices are said to send. */
const ROWS_AT_ONCE = 500_000
const MIN_MS = 10 * MINUTE

/**
 * The detector over what the readings store holds of `[from, to)`. The store keeps when a reading was
 * measured, not when it came in: here all came in time.
 */
export async function backtestHistory(run: HistoryRun): Promise<BacktestDone> {
  const { network, history, from, to, progress } = run
  const replay = createRowReplay(run)
  const width = stretchMs(network)
  const row: Row = { ts: 0, received: 0, device: '', signal: '', value: 0 }
  for (let begin = from; begin < to; begin += width) {
    const end = Math.min(to, begin + width)
    const sorter = createRowSorter(begin)
    for (const { deviceId, signal, points } of await history.query({ from: begin, to: end - 1 })) {
      row.device = deviceId
      row.signal = signal
      for (const [at, value] of points) {
        row.ts = at
        row.received = at
        row.value = value
        sorter.add(row)
      }
    }
    sorter.each(replay.row)
    progress((end - from) / (to - from))
  }
  return replay.end()
}

function stretchMs(network: Network): number {
  let rowsPerMs = 0
  for (const { signals, intervalS } of network.devices.values()) {
    rowsPerMs += signals.length / (intervalS * SECOND)
  }
  const fits = Math.floor(ROWS_AT_ONCE / Math.max(rowsPerMs, 1e-9))
  return Math.max(MIN_MS, Math.min(DAY, fits))
}
