import { MINUTE, type Instant } from '../../instant.ts'
import { oncePerNetwork } from '../../network/assets.ts'
import type { DetectorRun, When } from '../core/context.ts'
import { BUCKET_MS } from '../core/series.ts'
import { createZoneState, judgeZone } from './judge-zone.ts'
import type { ZoneState } from '../core/zone-state.ts'
import { leakZones, zoneOfSource, type LeakZone } from '../core/zones.ts'

/** Readings of a quarter hour have this long to come in where no source sets the pace. */
const GRACE_MS = MINUTE
/** A source that is silent for longer sets the pace no more. */
const SILENT_MS = 30 * MINUTE
/** Behind the last readings there is nothing to judge. */
const MAX_AT_ONCE = 4
/** Nothing is due: further away than any instant of ours. */
const NEVER = Number.MAX_SAFE_INTEGER

const zonesById = oncePerNetwork(
  (network): ReadonlyMap<string, LeakZone> => new Map(leakZones(network).map((zone) => [zone.id, zone])),
)
const zoneOfSensor = oncePerNetwork(
  (network): ReadonlyMap<string, string> =>
    new Map(
      leakZones(network).flatMap(({ id, sensors }) => sensors.map(({ deviceId }) => [deviceId, id] as const)),
    ),
)

/** A source's own time sets the pace of its zone, so that a history that is filled in late is judged as it was. */
export function scheduleBySource(run: DetectorRun, sourceId: string, { at, receivedAt }: When): void {
  const zone = zoneOfSource(run.context.network).get(sourceId)
  if (zone === undefined) return
  const { zones } = run.state
  const known = Object.hasOwn(zones, zone.id) ? zones[zone.id] : undefined
  const watch = known ?? createZoneState(run, zone.id, at)
  // The source's first word: from here on its quarter hours count.
  if (watch.heardAt === 0) {
    run.context.zoneTouched?.(zone.id)
    zones[zone.id] = watch
    watch.anchor = at
    watch.quarter = 0
  }
  // A zone is long, and this alone no reason to save it again: it says only who sets the pace.
  watch.heardAt = receivedAt
  run.state.zonesDue = Math.min(run.state.zonesDue === 0 ? NEVER : run.state.zonesDue, dueOf(watch))
  const quarter = Math.floor((at - watch.anchor) / BUCKET_MS)
  for (let passed = 0; watch.quarter < quarter; passed += 1) {
    if (passed > MAX_AT_ONCE) watch.quarter = quarter
    else judgeNext(run, zone, watch, receivedAt)
  }
}

/** The first reading of a zone whose source has not been heard. */
export function noticeZone(run: DetectorRun, deviceId: string, receivedAt: Instant): void {
  const id = zoneOfSensor(run.context.network).get(deviceId)
  if (id === undefined || Object.hasOwn(run.state.zones, id)) return
  run.context.zoneTouched?.(id)
  const watch = createZoneState(run, id, Math.floor(receivedAt / BUCKET_MS) * BUCKET_MS)
  run.state.zones[id] = watch
  run.state.zonesDue = Math.min(run.state.zonesDue === 0 ? NEVER : run.state.zonesDue, dueOf(watch))
}

/** When the next quarter hour is judged by the server's time if no source speaks before. */
function dueOf(watch: ZoneState): Instant {
  const over = watch.anchor + (watch.quarter + 1) * BUCKET_MS + GRACE_MS
  return watch.heardAt === 0 ? over : Math.max(over, watch.heardAt + SILENT_MS)
}

/** The earliest such instant; undefined: none. It may turn out to be too early, never too late. */
export function zonesDue({ zonesDue: due }: DetectorRun['state']): Instant | undefined {
  return due === 0 || due === NEVER ? undefined : due
}

/** Judges what is due at `now` by the server's time. */
export function settleZones(run: DetectorRun, now: Instant): void {
  const { zones } = run.state
  const known = zonesById(run.context.network)
  let next = NEVER
  for (const id of Object.keys(zones).sort()) {
    const watch = zones[id]
    if (watch === undefined) continue
    const zone = known.get(id)
    if (zone === undefined) {
      Reflect.deleteProperty(zones, id)
      continue
    }
    const due = dueOf(watch)
    if (due <= now) judgeNext(run, zone, watch, due)
    next = Math.min(next, dueOf(watch))
  }
  run.state.zonesDue = next
}

function judgeNext(run: DetectorRun, zone: LeakZone, watch: ZoneState, knownAt: Instant): void {
  run.context.zoneTouched?.(zone.id)
  judgeZone(run, zone, watch, { at: watch.anchor + (watch.quarter + 1) * BUCKET_MS, knownAt })
  watch.quarter += 1
}
