import { setTimeout as wait } from 'node:timers/promises'
import type { AppliedFault } from './faults/fault.ts'
import { passThrough } from './faults/catalogue.ts'
import type { Fleet } from './fleet.ts'
import { nextReport, sendTime } from './report-schedule.ts'
import { between } from './seeded-random.ts'
import { SECOND } from './time.ts'
import type { Sample, Sending } from './sample.ts'
import type { SimulatedClock } from './simulated-clock.ts'
import type { World } from './world.ts'
import type { EventReport } from './event-reports.ts'

const TURN_MS = 200
const FIRST_WITHIN = 5 * SECOND
/** A device that cannot send keeps this many samples, oldest go first. */
const KEPT_PER_DEVICE = 200

export interface LiveJob {
  readonly world: World
  readonly fleet: Pick<Fleet, 'publish'>
  readonly seed: number
  readonly clock: SimulatedClock
  readonly deviceIds: readonly string[]
  readonly faults: readonly AppliedFault[]
  /** Alarms that devices send beside their regular reports; may grow while running. */
  readonly wakes: readonly EventReport[]
  readonly signal: AbortSignal
  /** Reports come at this interval instead of each device's own. */
  readonly everyS?: number
  /** Simulated instant at which to stop. */
  readonly until?: number
  readonly onProblem?: (problem: unknown) => void
  /** Wall time between two looks at who is due. */
  readonly turnMs?: number
}

/** Publishes as the devices at their own pace until aborted or `until`. */
export async function runLive(job: LiveJob): Promise<void> {
  const due = new Map(job.deviceIds.map((id) => [id, firstDue(job, id)]))
  const outbox = new Map<string, Sending[]>()
  const woken = new Set<EventReport>()
  let now = job.clock.now()
  while (!job.signal.aborted && now < (job.until ?? Infinity)) {
    now = job.clock.now()
    for (const [id, at] of due) {
      for (let next = at; next <= now; next = due.get(id) ?? Infinity) {
        measure(job, outbox, { deviceId: id, at: next })
        due.set(id, regularAfter(job, id, next))
      }
    }
    for (const wake of job.wakes) {
      if (wake.at > now || woken.has(wake) || !due.has(wake.deviceId)) continue
      woken.add(wake)
      measure(job, outbox, wake)
    }
    send(job, outbox, now)
    await wait(job.turnMs ?? TURN_MS, undefined, { signal: job.signal }).catch(() => undefined)
  }
}

/** A wired device that has just signed in reports at once; a battery waits for its turn. */
function firstDue(job: LiveJob, id: string): number {
  const now = job.clock.now()
  if (job.world.devices.get(id)?.device.power === 'battery') return regularAfter(job, id, now)
  return now + Math.round(between(job.seed, [0, FIRST_WITHIN], 'first', id))
}

function regularAfter({ world, seed, everyS }: LiveJob, id: string, after: number): number {
  const device = world.devices.get(id)?.device
  if (device === undefined) return Infinity
  return nextReport(seed, { ...device, intervalS: everyS ?? device.intervalS }, after)
}

function measure(job: LiveJob, outbox: Map<string, Sending[]>, wake: EventReport): void {
  const { world, seed, faults } = job
  const device = world.devices.get(wake.deviceId)?.device
  if (device === undefined) return
  const sample = { ts: Math.round(wake.at), values: world.values(device.id, wake.at) }
  const awake = wake.event !== undefined || wake.urgent === true
  const sending: Sending = {
    sendAt: awake ? wake.at : sendTime(seed, device, wake.at),
    sample,
    ...(wake.event === undefined ? {} : { event: wake.event }),
  }
  const kept = outbox.get(device.id) ?? []
  kept.push(
    ...passThrough(sending, {
      deviceId: device.id,
      seed,
      faults,
      valuesAt: (at) => world.values(device.id, at),
    }),
  )
  outbox.set(device.id, kept.slice(-KEPT_PER_DEVICE))
}

function send(job: LiveJob, outbox: Map<string, Sending[]>, now: number): void {
  for (const [deviceId, kept] of outbox) {
    const ready = kept.filter(({ sendAt }) => sendAt <= now).sort((a, b) => a.sendAt - b.sendAt)
    if (ready.length === 0) continue
    outbox.set(
      deviceId,
      kept.filter((sending) => sending.sendAt > now),
    )
    const publish = (channel: 'telemetry' | 'event', body: unknown) => {
      job.fleet.publish(deviceId, channel, body).catch((problem: unknown) => job.onProblem?.(problem))
    }
    publish('telemetry', bodyOf(ready.map((sending) => sending.sample)))
    for (const { event, sample } of ready) {
      if (event !== undefined) publish('event', { ts: sample.ts, event, values: sample.values })
    }
  }
}

function bodyOf(samples: readonly Sample[]): Sample | readonly Sample[] {
  const [only] = samples
  return only !== undefined && samples.length === 1 ? only : samples
}
