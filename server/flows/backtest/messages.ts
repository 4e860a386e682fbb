import { MAX_SAMPLES_PER_MESSAGE, type RejectReason } from '#contract/telemetry.ts'
import type { Observation } from '../../domain/detection/step.ts'
import type { Instant } from '../../domain/instant.ts'
import { judgeTime } from '../../domain/telemetry/device-time.ts'
import type { Sample } from '../../domain/telemetry/reading.ts'
import type { Row } from './row.ts'

export interface MessageMaker {
  /** Rows in order of arrival. */
  add(row: Row): void
  /** Hands on what has been gathered; to be called at the end. */
  flush(): void
}

interface Gathered {
  readonly deviceId: string
  samples: Made[]
  byTime: Map<Instant, Made> | undefined
}
interface Made {
  readonly ts: Instant
  readonly inFuture?: true
  readonly values: Record<string, number | boolean>
}

/** From so many samples on they are looked up by their time. */
const MANY = 16

/**
 * Rows of one device that came in at one instant become one message, its rows of one device time one
 * sample, as the device had sent them. Messages of one instant go in order of device id.
 */
export function createMessageMaker(parts: {
  deliver(seen: Observation): void
  reject(reason: RejectReason, deviceId: string): void
}): MessageMaker {
  const known = new Map<string, Gathered>()
  let waiting: Gathered[] = []
  let now = -Infinity

  function flush(): void {
    if (waiting.length > 1) waiting.sort((a, b) => (a.deviceId < b.deviceId ? -1 : 1))
    const ready = waiting
    waiting = []
    for (const gathered of ready) {
      const { samples } = gathered
      gathered.samples = []
      gathered.byTime = undefined
      if (samples.length > 1) samples.sort((a, b) => a.ts - b.ts)
      for (let from = 0; from < samples.length; from += MAX_SAMPLES_PER_MESSAGE) {
        const some: Sample[] = samples.slice(from, from + MAX_SAMPLES_PER_MESSAGE)
        const decoded = { kind: 'telemetry' as const, samples: some, rejected: [] }
        parts.deliver({ deviceId: gathered.deviceId, receivedAt: now, decoded })
      }
    }
  }

  function sampleOf(gathered: Gathered, ts: Instant): Made | undefined {
    const { samples } = gathered
    const last = samples.at(-1)
    if (last?.ts === ts) return last
    const found =
      samples.length < MANY
        ? samples.find((sample) => sample.ts === ts)
        : (gathered.byTime ??= new Map(samples.map((sample) => [sample.ts, sample]))).get(ts)
    if (found !== undefined) return found
    const verdict = judgeTime(ts, now)
    if (verdict !== 'good' && verdict !== 'future') {
      parts.reject(verdict, gathered.deviceId)
      return undefined
    }
    const made: Made = verdict === 'good' ? { ts, values: {} } : { ts, inFuture: true, values: {} }
    samples.push(made)
    gathered.byTime?.set(ts, made)
    return made
  }

  return {
    flush,
    add({ received, ts, device, signal, value }) {
      if (received !== now) {
        if (waiting.length > 0) flush()
        now = received
      }
      let gathered = known.get(device)
      if (gathered === undefined) {
        gathered = { deviceId: device, samples: [], byTime: undefined }
        known.set(device, gathered)
      }
      if (gathered.samples.length === 0) waiting.push(gathered)
      const sample = sampleOf(gathered, ts)
      if (sample !== undefined) sample.values[signal] = value
    },
  }
}
