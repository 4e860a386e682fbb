import type { Entrance } from './entrance.ts'
import type { Detector } from '../flows/detection/detector-parts.ts'
import type { Ingest } from '../flows/readings/ingest.ts'
import type { OpenQuarantine } from '../flows/readings/quarantine.ts'
import type { OpenJournal } from '../journal/journal.ts'
import type { Notifier } from './notifier.ts'
import { createMetrics, type Measured } from './metrics.ts'
import type { SelfWatch } from './health.ts'
import type { ReadingsForwarder } from '../store/readings/start-forwarder.ts'

export interface MeasuredOptions {
  readonly journal: OpenJournal
  readonly ingest: Ingest
  readonly entrance: Entrance
  readonly storing: ReadingsForwarder
  readonly detector: Detector
  readonly notifying: Notifier
  readonly quarantine: Pick<OpenQuarantine, 'counts'>
  readonly self: Pick<SelfWatch, 'health' | 'troubles' | 'heartbeatAt'>
}

/** The metrics of every part. */
export function measuredParts(options: MeasuredOptions): () => Promise<string> {
  const { journal, ingest, entrance, storing, detector, notifying, quarantine, self } = options
  const measured: readonly Measured[] = [
    {
      name: 'ingest_messages_total',
      help: 'messages by result',
      kind: 'counter',
      label: 'result',
      read: () => ingest.counts().messages,
    },
    {
      name: 'ingest_samples_total',
      help: 'samples taken',
      kind: 'counter',
      read: () => ingest.counts().samples,
    },
    {
      name: 'ingest_rejected_total',
      help: 'messages, samples and values set aside',
      kind: 'counter',
      label: 'reason',
      read: () => quarantine.counts(),
    },
    {
      name: 'ingest_future_total',
      help: 'samples more than 5 min ahead of the server',
      kind: 'counter',
      read: () => ingest.counts().inFuture,
    },
    {
      name: 'journal_used_bytes',
      help: 'journal on disk',
      kind: 'gauge',
      read: () => journal.stats().usedBytes,
    },
    {
      name: 'journal_evicted_total',
      help: 'messages deleted before a readings store had them',
      kind: 'counter',
      read: () => journal.stats().evicted,
    },
    {
      name: 'journal_bad_stretches_total',
      help: 'unreadable stretches set aside',
      kind: 'counter',
      read: () => journal.stats().badStretches,
    },
    {
      name: 'journal_pending_messages',
      help: 'on disk, not yet consumed',
      kind: 'gauge',
      label: 'consumer',
      read: () => ({ store: storing.lag(), detector: detector.lag() }),
    },
    {
      name: 'store_samples_total',
      help: 'samples stored',
      kind: 'counter',
      read: () => storing.progress().samples,
    },
    {
      name: 'store_rejected_total',
      help: 'samples that the store refused',
      kind: 'counter',
      read: () => storing.progress().rejected,
    },
    {
      name: 'store_write_seconds_total',
      help: 'time spent writing',
      kind: 'counter',
      read: () => storing.progress().writeSeconds,
    },
    {
      name: 'store_up',
      help: '1 while the readings store takes samples',
      kind: 'gauge',
      read: () => (storing.problem() === undefined ? 1 : 0),
    },
    {
      name: 'store_thread_falls_total',
      help: 'times that the thread which stores readings fell and was started again',
      kind: 'counter',
      read: () => storing.falls(),
    },
    { name: 'mqtt_clients', help: 'devices connected', kind: 'gauge', read: () => entrance.stats().clients },
    {
      name: 'mqtt_refused_total',
      help: 'connections and packets refused',
      kind: 'counter',
      label: 'reason',
      read: () => entrance.stats().refused,
    },
    {
      name: 'notify_sent_total',
      help: 'messages that a channel took',
      kind: 'counter',
      label: 'channel',
      read: () => notifying.counts().sent,
    },
    {
      name: 'notify_failures_total',
      help: 'attempts that failed',
      kind: 'counter',
      label: 'channel',
      read: () => notifying.counts().failures,
    },
    {
      name: 'detector_repeated_total',
      help: 'values that came again, by redelivery or replay',
      kind: 'counter',
      read: () => detector.repeats(),
    },
    {
      name: 'detector_isolated_devices',
      help: 'devices that made the detector fail',
      kind: 'gauge',
      read: () => Object.keys(detector.isolated()).length,
    },
    {
      name: 'detector_up',
      help: '1 while the detector works',
      kind: 'gauge',
      read: () => (self.troubles().some(({ part }) => part === 'detector') ? 0 : 1),
    },
    {
      name: 'ready',
      help: '1 while the main job runs, as /readyz says it',
      kind: 'gauge',
      read: () => (self.troubles().some(({ stops }) => stops) ? 0 : 1),
    },
    {
      name: 'trouble',
      help: '1 for each part that does not work',
      kind: 'gauge',
      label: 'part',
      read: () => Object.fromEntries(self.troubles().map(({ part }) => [part, 1])),
    },
    {
      name: 'disk_free_bytes',
      help: 'room left where the data lies',
      kind: 'gauge',
      read: () => self.health().disk.freeBytes,
    },
    {
      name: 'journal_capacity_left_ratio',
      help: 'share of the journal’s capacity that is free',
      kind: 'gauge',
      read: () => self.health().journal.capacityLeft,
    },
    {
      name: 'heartbeat_last_timestamp_seconds',
      help: 'when the last heartbeat arrived outside, 0 for never',
      kind: 'gauge',
      read: () => self.heartbeatAt(),
    },
  ]
  return createMetrics(measured)
}
