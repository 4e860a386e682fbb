import type { SystemHealth } from '#contract/live.ts'
import type { Config } from './config.ts'
import { instantText } from './domain/instant.ts'
import type { Entrance } from './entrance.ts'
import type { Detecting } from './flows/detect.ts'
import type { Ingest } from './flows/ingest.ts'
import type { Clock } from './flows/ports.ts'
import type { OpenJournal } from './journal/journal.ts'
import type { Notifying } from './notifying.ts'
import { createMetrics } from './metrics.ts'
import type { StoringConsumer } from './store/readings/start-storing.ts'

export interface MeasuredOptions {
  readonly clock: Clock
  readonly config: Config
  readonly journal: OpenJournal
  readonly ingest: Ingest
  readonly entrance: Entrance
  readonly storing: StoringConsumer
  readonly detecting: Detecting
  readonly notifying: Notifying
}

export interface MeasuredParts {
  health(): SystemHealth
  metrics(): Promise<string>
}

/** What every part says of itself, for the wall and for Prometheus. */
export function measuredParts(options: MeasuredOptions): MeasuredParts {
  const { clock, config, journal, ingest, entrance, storing, detecting, notifying } = options
  const metrics = createMetrics([
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
      help: 'samples and messages set aside',
      kind: 'counter',
      label: 'reason',
      read: () => ingest.counts().rejected,
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
      read: () => ({ store: storing.lag(), detector: detecting.lag() }),
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
      name: 'detector_isolated_devices',
      help: 'devices that made the detector fail',
      kind: 'gauge',
      read: () => Object.keys(detecting.isolated()).length,
    },
  ])
  return { metrics, health }

  function health(): SystemHealth {
    const { clients, messagesPerMinute } = entrance.stats()
    const { usedBytes, capacityBytes, refusing } = journal.stats()
    return {
      at: instantText(clock.now()),
      broker: { ok: entrance.connected(), clients, messagesPerMinute },
      journal: {
        ok: refusing === undefined,
        pending: Math.max(storing.lag(), detecting.lag()),
        capacityLeft: Math.max(0, 1 - usedBytes / capacityBytes),
      },
      store: { ...partHealth(storing), kind: storeKind(config) },
      detector: partHealth(detecting),
      rejected: ingest.counts().rejected,
      clock: config.clock,
    }
  }
}

function partHealth(part: { lag(): number; problem(): string | undefined }) {
  const problem = part.problem()
  return { ok: problem === undefined, lagMessages: part.lag(), ...(problem === undefined ? {} : { problem }) }
}

function storeKind({ influxUrl, influxVersion }: Config): string {
  return influxUrl === '' ? 'embedded' : `influxdb ${String(influxVersion)}`
}
