import type { DeviceProperties, PointProperties } from '#contract/network.ts'
import type { DeviceEvent } from '#contract/vocabulary.ts'
import { uniform } from '../seeded-random.ts'
import { reportsBetween } from '../report-schedule.ts'
import { HOUR, MINUTE, SECOND } from '../time.ts'
import type { CoverEvent, TruckEvent, WellLeakEvent, WorksEvent } from './scenario.ts'
import type { Dated } from './event-period.ts'
import { isOn, ofKind } from './event-period.ts'

/** One report of a device: at its regular time, or because it noticed something. */
export interface Report {
  readonly at: number
  /** Sent at once, however weak the radio. */
  readonly urgent: boolean
  readonly event?: DeviceEvent
  /** Tilt that only this one sample shows: a vehicle on the cover. */
  readonly tiltDeg?: number
}

/** A cover's device waits so long before it believes what it sees. */
const DEBOUNCE = 2 * SECOND
const PASSING = 900
const CHAMBER_WAKE = MINUTE
const CHAMBER_AWAKE = 2 * HOUR

/** Reports of a device within [from, to), oldest first. */
export function reportsOf(
  seed: number,
  { device, asset }: { readonly device: DeviceProperties; readonly asset: PointProperties },
  events: readonly Dated[],
): (from: number, to: number) => readonly Report[] {
  const here = events.filter((event) => 'at' in event && event.at === asset.id)
  const noticed = noticedReports(seed, device, here).toSorted((a, b) => a.at - b.at)
  const leaks: readonly Dated<WellLeakEvent>[] = device.signals.includes('chamber_c')
    ? ofKind(here, 'well-leak')
    : []
  let next = 0
  return (from, to) => {
    const reports: Report[] = reportsBetween(seed, device, [from - 1, to - 1]).map((at) => ({
      at,
      urgent: false,
    }))
    const regular = reports.length
    for (const leak of leaks) {
      // The device looks every minute and tells what changes fast.
      const last = Math.min(to, leak.until, leak.from + CHAMBER_AWAKE)
      for (let at = leak.from + CHAMBER_WAKE; at < last; at += CHAMBER_WAKE) {
        if (at >= from && isOn(leak, at)) reports.push({ at, urgent: true })
      }
    }
    for (let report = noticed[next]; report !== undefined && report.at < to; report = noticed[(next += 1)]) {
      reports.push(report)
    }
    return reports.length === regular ? reports : reports.sort((a, b) => a.at - b.at)
  }
}

function noticedReports(seed: number, device: DeviceProperties, here: readonly Dated[]): readonly Report[] {
  if (!device.signals.includes('cover_tilt_deg')) return []
  return [
    ...ofKind(here, 'cover').flatMap((event) => coverReports(event)),
    ...ofKind(here, 'works').flatMap((event) => worksReports(event)),
    ...ofKind(here, 'truck').flatMap((event) => truckReports(seed, event)),
  ]
}

function coverReports({ from, until, state, says }: Dated<CoverEvent>): Report[] {
  const seen = { at: from + DEBOUNCE, urgent: true }
  const back = { at: until + DEBOUNCE, urgent: true }
  if (says === 'event') {
    const event = state === 'displaced' ? ('cover_tilt' as const) : ('cover_open' as const)
    return [
      { ...seen, event },
      { ...back, event: 'cover_closed' },
    ]
  }
  const again =
    says === 'one sample' ? [] : [40, 130, 300].map((s) => ({ ...seen, at: seen.at + s * SECOND }))
  return [seen, ...again, back, { ...back, at: back.at + 90 * SECOND }]
}

/** The crew's own device behaves like any other. */
function worksReports({ from, until }: Dated<WorksEvent>): Report[] {
  return [
    { at: from + DEBOUNCE, urgent: true, event: 'cover_open' },
    { at: until + DEBOUNCE, urgent: true, event: 'cover_closed' },
  ]
}

/** Two samples: tilted, and back a second later; of a lorry with two axles sometimes twice. */
function truckReports(seed: number, { from, tiltDeg }: Dated<TruckEvent>): Report[] {
  const axles = uniform(seed, 'axles', from) < 0.3 ? [0, 3] : [0]
  return axles.flatMap((s) => [
    { at: from + s * SECOND, urgent: true, tiltDeg },
    { at: from + s * SECOND + PASSING, urgent: true },
  ])
}
