import { signalDefinition } from '#contract/signals.ts'
import type { ReadingsHistory, ReadingsQuery, ReadingsSeries } from '../ports.ts'

export interface HistoryPage {
  /** `series`, each with its device, signal, unit and points; `next`, where raw readings go on. */
  readonly json: string
  readonly isEmpty: boolean
}

/** Pages of the history as an asker gets them: JSON, written where it was read. */
export interface HistoryPages {
  /** @throws StoreUnavailable */
  read(query: ReadingsQuery): Promise<HistoryPage>
  close(): Promise<void>
}

export function createHistoryPages(history: ReadingsHistory): HistoryPages {
  return {
    async read(query) {
      const found = await history.query(query)
      return { json: JSON.stringify(pageOf(found, query.limit)), isEmpty: found.length === 0 }
    },
    close: () => history.close(),
  }
}

/** A raw page ends for all series at the instant up to which every one of them is whole. */
function pageOf(found: readonly ReadingsSeries[], limit: number | undefined) {
  const full = found.filter(({ points }) => limit !== undefined && points.length >= limit)
  const ends = full.map(({ points }) => points[(limit ?? 0) - 1]?.[0] ?? Infinity)
  const end = Math.min(Infinity, ...ends)
  const series = found
    .map(({ deviceId, signal, points }) => ({
      device: deviceId,
      signal,
      unit: signalDefinition(signal)?.unit ?? '',
      points: end === Infinity ? points : points.filter(([at]) => at <= end),
    }))
    .filter(({ points }) => points.length > 0)
  return { series, ...(end === Infinity ? {} : { next: String(end + 1) }) }
}
