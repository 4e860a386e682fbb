import type { DeviceProperties } from '#contract/network.ts'
import { MAX_BODY_BYTES, MAX_SAMPLES_PER_MESSAGE } from '#contract/telemetry.ts'
import type { Fleet } from './fleet.ts'
import { reportsBetween } from './report-schedule.ts'
import type { Sample } from './sample.ts'
import { DAY, HOUR, MINUTE } from './time.ts'
import type { Standing, World } from './world.ts'

/** History is coarser than live: it must be in within seconds. */
const SOURCE_EVERY = 2 * MINUTE
const STATION_EVERY = 10 * MINUTE
const WELL_EVERY = 15 * MINUTE
const HEARTBEAT_EVERY = DAY
export const HISTORY = 48 * HOUR
/** A body's brackets and commas; the limit itself is the contract's. */
const BODY_LIMIT = MAX_BODY_BYTES - 1024

export interface HistoryJob {
  readonly world: World
  readonly seed: number
  readonly from: number
  readonly to: number
}

/** A device's samples of the past, oldest first. The source's first lies exactly at the beginning. */
export function historyOf(job: HistoryJob, { device, asset }: Standing): readonly Sample[] {
  const paced = { ...device, intervalS: everyMs(device, asset.kind) / 1000 }
  const times = reportsBetween(job.seed, paced, [job.from, job.to])
  if (asset.kind === 'source') times.unshift(job.from)
  return times.map((ts) => ({ ts, values: job.world.values(device.id, ts) }))
}

function everyMs(device: DeviceProperties, kind: string): number {
  if (kind === 'source') return SOURCE_EVERY
  if (kind === 'station' && device.power !== 'battery') return STATION_EVERY
  if (isSpare(device.id)) return WELL_EVERY
  return device.intervalS * 1000 >= HEARTBEAT_EVERY ? HEARTBEAT_EVERY : WELL_EVERY
}

export function isSpare(deviceId: string): boolean {
  return /^spare-\d+$/.test(deviceId)
}

/** Late store-and-forward batches within the contract's limits. */
export function batches(samples: readonly Sample[]): readonly (readonly Sample[])[] {
  const all: Sample[][] = []
  let bytes = Infinity
  for (const sample of samples) {
    const size = JSON.stringify(sample).length + 1
    const last = all.at(-1)
    if (last === undefined || last.length >= MAX_SAMPLES_PER_MESSAGE || bytes + size > BODY_LIMIT) {
      all.push([sample])
      bytes = size
    } else {
      last.push(sample)
      bytes += size
    }
  }
  return all
}

/**
 * Publishes every device's history. Stations and wells first: when the source's make-up is judged, the
 * pressures beside it are already there.
 */
export async function publishHistory(job: HistoryJob, fleet: Fleet): Promise<{ samples: number }> {
  const standing = [...job.world.devices.values()]
  const source = standing.filter(({ asset }) => asset.kind === 'source')
  const others = standing.filter(({ asset }) => asset.kind !== 'source')
  let samples = 0
  for (const group of [others, source]) {
    const sent: Promise<boolean>[] = []
    for (const one of group) {
      const history = historyOf(job, one)
      samples += history.length
      for (const batch of batches(history)) {
        const acknowledged = fleet.publish(one.device.id, 'telemetry', batch)
        // Awaited below; a connection lost before that is not an unhandled rejection.
        acknowledged.catch(() => undefined)
        sent.push(acknowledged)
      }
      // Give the sockets a turn: the acknowledgements come in while the next history is made.
      await new Promise((resolve) => setImmediate(resolve))
    }
    await Promise.all(sent)
  }
  return { samples }
}
