import { oncePerNetwork } from '../../network/assets.ts'
import type { Network } from '../../network/network.ts'
import type { Instant } from '../../instant.ts'
import { soundBuckets } from '../core/quarantine.ts'
import type { DetectorRun } from '../core/context.ts'
import { BUCKET_MS, QUARTERS_OF_DAY, meanOf, median, robustSigma } from '../core/series.ts'
import { zoneOfSource } from '../core/zones.ts'

/** What part of the stations must be measured to stand for the others. How well they do is learnt. */
const MIN_SHARE = 0.1
const MIN_STATIONS = 3
/** How many quarter hours of the day before the event must be there. */
const ENOUGH_PAST = 12
/** Quarter hours since the event that are looked at. */
const NOW_QUARTERS = 4
/** What the balance is held against: the two hours before. */
const REFERENCE_QUARTERS = 8
/** A station that was silent for more than so much of the day is left out of the sum. */
const KNOWN_SHARE = 0.8
/** Of the stations with meters so many must be heard. */
const KEPT_SHARE = 0.5
/** No pair of meters agrees better than to so much of the flow. */
const METER_SHARE = 0.002

interface Meter {
  readonly deviceId: string
  readonly assetId: string
}

/** Flow meters of the zone of a source: of all its sources, and of its stations. */
interface Meters {
  readonly sources: readonly Meter[]
  readonly stations: readonly Meter[]
}

const metersOf = oncePerNetwork((network): ReadonlyMap<string, Meters> => {
  const all = [...network.devices.values()].flatMap(({ id, assetId, signals }) =>
    signals.includes('primary_flow_t_h') ? [{ deviceId: id, assetId }] : [],
  )
  return new Map(
    [...zoneOfSource(network)].flatMap(([sourceId, zone]) => {
      const at = (ids: readonly string[]) => all.filter(({ assetId }) => ids.includes(assetId))
      const [sources, stations] = [at(zone.sourceIds), at(zone.stationIds)]
      const measured = new Set(sources.map(({ assetId }) => assetId)).size
      if (measured < zone.sourceIds.length || shareOf(network, zone.stationIds, stations) < MIN_SHARE)
        return []
      return [[sourceId, { sources, stations }] as const]
    }),
  )
})

/** What part of the stations' nominal flow is measured; by number where a nominal flow is unknown. */
function shareOf(network: Network, stationIds: readonly string[], meters: readonly Meter[]): number {
  const measured = new Set(meters.map(({ assetId }) => assetId))
  const flows = stationIds.map((id) => {
    const point = network.points.get(id)
    return { id, flowTh: point?.kind === 'station' ? point.nominalFlowTh : undefined }
  })
  const known = flows.every(({ flowTh }) => flowTh !== undefined)
  const sum = (of: typeof flows) => of.reduce((total, { flowTh }) => total + (known ? (flowTh ?? 0) : 1), 0)
  return flows.length === 0 ? 0 : sum(flows.filter(({ id }) => measured.has(id))) / sum(flows)
}

/** Water that leaves between the sources and their stations. */
export interface SupplyLoss {
  /** t/h more than before the event. */
  readonly flowTh: number
  readonly sigmaTh: number
}

/**
 * How much more the sources of a zone send out than its stations take [t/h], over the last hour at most and
 * against the two hours before the event. A leak on the supply side passes the sources' meters and no station's;
 * a filling at the plant, and a leak on the return side, pass neither. The measured stations stand for the
 * others by the ratio learnt from the day before. Undefined: too few meters, or too little of them known.
 */
export function supplyLossOf(
  run: DetectorRun,
  sourceId: string,
  { since, at }: { readonly since: Instant; readonly at: Instant },
): SupplyLoss | undefined {
  const meters = metersOf(run.context.network).get(sourceId)
  if (meters === undefined) return undefined
  const last = Math.floor((at - 1) / BUCKET_MS)
  const event = Math.floor(since / BUCKET_MS)
  const from = last - QUARTERS_OF_DAY + 1
  const columns = (of: readonly Meter[]) => of.map(({ deviceId }) => columnOf(run, deviceId, from, last))
  const sent = summed(columns(meters.sources))
  const stations = columns(meters.stations)
  const kept = stations.filter((column) => isKnown(column))
  if (kept.length < Math.max(MIN_STATIONS, KEPT_SHARE * stations.length)) return undefined
  const taken = summed(kept.map(carried))
  const pairs = sent.map((sentTh, n) => {
    const takenTh = taken[n]
    return sentTh === undefined || takenTh === undefined || takenTh <= 0
      ? undefined
      : ([sentTh, takenTh] as const)
  })
  const before = pairs.slice(0, Math.max(event - from, 0)).filter((pair) => pair !== undefined)
  if (before.length < ENOUGH_PAST) return undefined
  const ratio = median(before.map(([sentTh, takenTh]) => sentTh / takenTh))
  const off = pairs.map((pair) => (pair === undefined ? undefined : pair[0] - ratio * pair[1]))
  const first = Math.max(event + 1, last - NOW_QUARTERS + 1) - from
  const flowTh = stepOf(off, { first, end: off.length, reference: event - from })
  if (flowTh === undefined) return undefined
  // How far it strays over as long a time without any leak.
  const [width, gap] = [off.length - first, first - (event - from)]
  const strayed = Array.from({ length: Math.max(event - from - width + 1, 0) }, (_, n) =>
    stepOf(off, { first: n, end: n + width, reference: n - gap }),
  ).filter((step) => step !== undefined)
  if (strayed.length < ENOUGH_PAST) return undefined
  const floor = METER_SHARE * median(before.map(([sentTh]) => sentTh))
  return { flowTh, sigmaTh: Math.max(robustSigma(strayed, 0), floor) }
}

/** Mean of the columns `first` to `end` less the median of the two hours before `reference`. */
function stepOf(
  off: Column,
  { first, end, reference }: { readonly first: number; readonly end: number; readonly reference: number },
): number | undefined {
  if (reference < REFERENCE_QUARTERS) return undefined
  const known = (from: number, to: number) => off.slice(from, to).filter((value) => value !== undefined)
  const [now, before] = [known(first, end), known(reference - REFERENCE_QUARTERS, reference)]
  if (now.length === 0 || before.length < REFERENCE_QUARTERS / 2) return undefined
  return now.reduce((sum, value) => sum + value, 0) / now.length - median(before)
}

type Column = readonly (number | undefined)[]

function columnOf(run: DetectorRun, deviceId: string, from: number, last: number): Column {
  const buckets = soundBuckets(run, deviceId, 'primary_flow_t_h')
  return Array.from({ length: last - from + 1 }, (_, n) =>
    buckets === undefined ? undefined : meanOf(buckets, from + n),
  )
}

/** Heard in one of the last two quarter hours, and for most of the time since its first word. */
function isKnown(column: Column): boolean {
  if (column.at(-1) === undefined && column.at(-2) === undefined) return false
  const heard = column.slice(
    Math.max(
      0,
      column.findIndex((value) => value !== undefined),
    ),
  )
  return heard.filter((value) => value !== undefined).length >= KNOWN_SHARE * heard.length
}

function carried(column: Column): Column {
  let value: number | undefined
  return column.map((next) => (value = next ?? value))
}

/** Undefined where one of them is. */
function summed(columns: readonly Column[]): Column {
  const [first = []] = columns
  return first.map((_, n) => {
    let sum = 0
    for (const column of columns) {
      const value = column[n]
      if (value === undefined) return undefined
      sum += value
    }
    return sum
  })
}
