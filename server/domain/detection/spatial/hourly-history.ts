import { HOUR, type Instant } from '../../instant.ts'
import { soundBuckets } from '../core/quarantine.ts'
import type { DetectorRun } from '../core/context.ts'
import { QUARTERS_OF_HOUR, meansBetween } from '../core/series.ts'
import { STATION_FLOW } from './station-demand.ts'
import { drivesOf, REGRESSORS, regressorsOf, type Drive } from './regressors.ts'
import { NO_VALUE, type ZoneHistory, type ZoneState } from '../core/zone-state.ts'
import type { LeakZone } from '../core/zones.ts'

const HOURS_KEPT = 7 * 24

/** Once an hour is over its means go into the history; not while a leak lasts. */
export function rememberHour(
  run: DetectorRun,
  zone: LeakZone,
  { history }: ZoneState,
  { at, frozen }: { readonly at: Instant; readonly frozen: boolean },
): void {
  const hour = Math.floor(at / HOUR) - 1
  if (frozen || hour <= (history.hours.at(-1) ?? -1)) return
  const from = hour * QUARTERS_OF_HOUR
  const means = new Map<string, number>()
  for (const { key, deviceId, signal } of zone.sensors) {
    const buckets = soundBuckets(run, deviceId, signal)
    const its = buckets === undefined ? [] : meansBetween(buckets, from, from + QUARTERS_OF_HOUR - 1)
    if (its.length > 0) means.set(key, (1000 * its.reduce((sum, mean) => sum + mean, 0)) / its.length)
  }
  if (means.size === 0) return
  const drive = meanDrive(drivesOf(run, zone.id, from, from + QUARTERS_OF_HOUR - 1))
  const x = regressorsOf(drive, (hour + 0.5) * HOUR)
  for (const name of REGRESSORS) append(history, history.x, name, x[name])
  const keys = new Set([...Object.keys(history.y), ...means.keys()])
  for (const key of keys) append(history, history.y, key, means.get(key))
  const draws = (history.draws ??= {})
  const metered = run.context.responses?.get(zone.id)?.metered.map(({ deviceId }) => deviceId) ?? []
  // Also of those that are not metered just now, while the hydraulics are reckoned anew: an hour is an hour.
  for (const deviceId of new Set([...Object.keys(draws), ...metered])) {
    const buckets = soundBuckets(run, deviceId, STATION_FLOW)
    const its = buckets === undefined ? [] : meansBetween(buckets, from, from + QUARTERS_OF_HOUR - 1)
    const mean = its.reduce((sum, one) => sum + one, 0) / its.length
    append(history, draws, deviceId, its.length === 0 ? undefined : mean)
  }
  history.hours.push(hour)
  while ((history.hours[0] ?? hour) <= hour - HOURS_KEPT) {
    history.hours.shift()
    for (const series of [history.x, history.y, draws])
      for (const values of Object.values(series)) values.shift()
  }
  for (const series of [history.y, draws]) {
    for (const [key, values] of Object.entries(series)) {
      if (values.every((value) => value === NO_VALUE)) Reflect.deleteProperty(series, key)
    }
  }
}

/** Rounded, so that a week of it is short to save; a newcomer has nothing for the hours before. */
function append(
  history: ZoneHistory,
  series: Record<string, number[]>,
  name: string,
  value: number | undefined,
): void {
  const values = (series[name] ??= history.hours.map(() => NO_VALUE))
  values.push(value === undefined ? NO_VALUE : Math.round(1000 * value) / 1000)
}

function meanDrive(drives: readonly Drive[]): Drive {
  const mean = (of: (drive: Drive) => number | undefined): number | undefined => {
    const known = drives.flatMap((drive) => of(drive) ?? [])
    return known.length === 0 ? undefined : known.reduce((sum, value) => sum + value, 0) / known.length
  }
  return {
    supplyKpa: mean((drive) => drive.supplyKpa),
    returnKpa: mean((drive) => drive.returnKpa),
    flowTh: mean((drive) => drive.flowTh),
    outdoorC: mean((drive) => drive.outdoorC),
  }
}
