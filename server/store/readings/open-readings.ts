import { rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Log, ReadingsHistory, ReadingsWriter, Rejected } from '../../flows/ports.ts'
import { namesNotKept } from '../../flows/readings/rejected.ts'
import { EmbeddedReader } from './embedded/reader.ts'
import { EmbeddedWriter } from './embedded/writer.ts'
import { openInfluxStore } from './influx/influx-store.ts'
import type { InfluxSettings } from './influx/settings.ts'

/** The settings that say where readings go; an empty `influxUrl` means the embedded store. */
export interface ReadingsSettings {
  readonly dataDir: string
  readonly influxUrl: string
  readonly influxVersion: number
  readonly influxDatabase: string
  readonly influxOrg: string
  readonly influxBucket: string
  readonly influxToken: string
  readonly influxUsername: string
  readonly influxPassword: string
  readonly rawRetentionDays: number
  readonly minuteRetentionDays: number
  readonly hourRetentionDays: number
}

const INFLUX_TIMEOUT_MS = 15_000

/**
 * For the thread that writes. The embedded store may be open for writing once only; `setAside` takes what it
 * finds of earlier versions and keeps no longer.
 */
export function openReadingsWriter(
  settings: ReadingsSettings,
  log: Log,
  setAside: (rejected: Rejected) => void = () => undefined,
): ReadingsWriter {
  if (settings.influxUrl !== '') return openInfluxStore(influxSettings(settings))
  return new EmbeddedWriter({
    dir: readingsDir(settings),
    log,
    leftOut: (device, { names, newest }) => setAside(namesNotKept(device, names, newest)),
    forgetPlace: () => rmSync(checkpointPath(settings), { force: true }),
    retention: {
      rawDays: settings.rawRetentionDays,
      minuteDays: settings.minuteRetentionDays,
      hourDays: settings.hourRetentionDays,
    },
  })
}

/** For anybody who asks. */
export function openReadingsHistory(settings: ReadingsSettings, log?: Log): ReadingsHistory {
  if (settings.influxUrl !== '') return openInfluxStore(influxSettings(settings))
  return new EmbeddedReader(readingsDir(settings), log)
}

/** Each store has its own place in the journal: a change of store begins with what the journal still has. */
export function checkpointPath(settings: ReadingsSettings): string {
  return join(settings.dataDir, settings.influxUrl === '' ? 'stored-embedded.json' : 'stored-influx.json')
}

function readingsDir(settings: ReadingsSettings): string {
  return join(settings.dataDir, 'readings')
}

function influxSettings(settings: ReadingsSettings): InfluxSettings {
  const version = settings.influxVersion
  return {
    url: settings.influxUrl,
    version: version === 1 || version === 3 ? version : 2,
    database: settings.influxDatabase,
    username: settings.influxUsername,
    password: settings.influxPassword,
    org: settings.influxOrg,
    bucket: settings.influxBucket,
    token: settings.influxToken,
    timeoutMs: INFLUX_TIMEOUT_MS,
  }
}
