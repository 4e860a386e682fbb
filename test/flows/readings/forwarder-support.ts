import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import type { ReadingsWriter, Rejected, StoredReading } from '../../../server/flows/ports.ts'
import type { Places } from '../../../server/flows/readings/reading-mapper.ts'
import {
  forwardReadings,
  type ReadingForwarder,
  type ForwarderCheckpoint,
  type ForwarderProgress,
} from '../../../server/flows/readings/forward-readings.ts'
import { openJournal, type OpenJournal } from '../../../server/journal/journal.ts'
import { EmbeddedReader } from '../../../server/store/readings/embedded/reader.ts'
import { EmbeddedWriter } from '../../../server/store/readings/embedded/writer.ts'
import { silentLog } from '../../support/silent-log.ts'

export const NOW = Date.UTC(2026, 0, 15, 4)
export const RETRY_DELAYS = {
  debounceMs: 5,
  firstRetryMs: 20,
  maxRetryMs: 100,
  misconfiguredMs: 5000,
  checkpointMs: 60_000,
  maxCheckpointMs: 60_000,
}
const PLACES: Places = new Map([
  ['w1', { assetId: 'well-1', network: 'primary', zone: 'east', measurement: 'well' }],
])

let dir: string
export let journal: OpenJournal
export let progress: ForwarderProgress | undefined
let rejected: Rejected[] = []
let forwarder: ReadingForwarder | undefined
export let checkpoints: {
  saved?: ForwarderCheckpoint | undefined
  load(): ForwarderCheckpoint | undefined
  save(checkpoint: ForwarderCheckpoint): void
}

/** A journal and checkpoints of its own for each test of the file. */
export function useStoring(capacityBytes?: number): void {
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'forwarder-'))
    journal = await anotherJournal(capacityBytes)
    rejected = []
    checkpoints = {
      load: () => checkpoints.saved,
      save: (checkpoint) => {
        checkpoints.saved = JSON.parse(JSON.stringify(checkpoint)) as ForwarderCheckpoint
      },
    }
  })
  afterEach(async () => {
    await forwarder?.close()
    forwarder = undefined
    await journal.close()
    rmSync(dir, { recursive: true, force: true })
  })
}

function anotherJournal(capacityBytes = 1 << 30): Promise<OpenJournal> {
  const consumers = [{ name: 'store', mayLose: true }]
  const space = { segmentBytes: 1 << 20, capacityBytes }
  return openJournal({ dir: join(dir, 'journal'), consumers, log: silentLog, ...space })
}

export function start(writer: ReadingsWriter, delays = RETRY_DELAYS): ReadingForwarder {
  forwarder = forwardReadings({
    journal,
    writer,
    checkpoints,
    places: () => PLACES,
    log: silentLog,
    delays,
    report: (now) => (progress = now),
    setAside: (some) => rejected.push(...some),
  })
  return forwarder
}

export function embedded(): EmbeddedWriter {
  const retention = { rawDays: 7, minuteDays: 90, hourDays: 1825 }
  return new EmbeddedWriter({ dir: join(dir, 'readings'), retention, log: silentLog })
}

export async function history(signal: string): Promise<(readonly [number, number | boolean])[]> {
  const reader = new EmbeddedReader(join(dir, 'readings'))
  const [series] = await reader.query({ deviceId: 'w1', signal, from: 0, to: NOW * 2 })
  await reader.close()
  return [...(series?.points ?? [])]
}

export function append(
  body: unknown,
  receivedAt = NOW,
  channel: 'telemetry' | 'event' = 'telemetry',
): Promise<void> {
  const message = { deviceId: 'w1', channel, receivedAt, body: Buffer.from(JSON.stringify(body)) }
  return new Promise((resolve, reject) => {
    journal.append(message, (error) => (error === undefined ? resolve() : reject(error)))
  })
}
export const appendMany = (from: number, to: number) =>
  Promise.all(
    Array.from({ length: to - from }, (_, i) =>
      append({ ts: NOW + from + i, values: { chamber_c: from + i } }, NOW + from + i),
    ),
  )

/** A store that does as it is told and remembers what it took. */
export function aWriter(answer: (tries: number) => Error | undefined) {
  const taken: StoredReading[][] = []
  let tries = 0
  return {
    kind: 'test',
    taken,
    tries: () => tries,
    write(readings: readonly StoredReading[]) {
      const error = answer(++tries)
      if (error !== undefined) return Promise.reject(error)
      taken.push([...readings])
      return Promise.resolve({ rejected: [] })
    },
    close: () => Promise.resolve(),
  }
}
