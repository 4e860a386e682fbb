import { oncePerNetwork } from '../network/assets.ts'
import type { Network } from '../network/network.ts'
import type { Instant } from '../instant.ts'
import { soundBuckets } from './quarantine.ts'
import type { Run } from './run.ts'
import { BUCKET_MS, meanOf, median, robustSigma } from './series.ts'
import { zoneOfSource } from './spatial/zones.ts'

/** Stations may be so unlike the ones that are measured that fewer than half say little of the whole. */
const LEAST_SHARE = 0.5
/** Quarter hours before the event that the balance is learnt from, and how many of them must be there. */
const DAY_QUARTERS = 96
const ENOUGH_PAST = 12
/** Quarter hours since the event that are looked at. */
const NOW_QUARTERS = 4
/** A station that was silent for more than so much of the day is left out of the sum. */
const KNOWN_SHARE = 0.8
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
      if (measured < zone.sourceIds.length || shareOf(network, zone.stationIds, stations) < LEAST_SHARE)
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
 * against the 24 h before the event. A leak on the supply side passes the sources' meters and no station's;
 * a filling at the plant, and a leak on the return side, pass neither. The measured stations stand for the
 * others by the ratio learnt from the day before. Undefined: too few meters, or too little of them known.
 */
export function supplyLossOf(
  run: Run,
  sourceId: string,
  { since, at }: { readonly since: Instant; readonly at: Instant },
): SupplyLoss | undefined {
  const meters = metersOf(run.context.network).get(sourceId)
  if (meters === undefined) return undefined
  const last = Math.floor((at - 1) / BUCKET_MS)
  const event = Math.floor(since / BUCKET_MS)
  const from = last - DAY_QUARTERS + 1
  const columns = (of: readonly Meter[]) => of.map(({ deviceId }) => columnOf(run, deviceId, from, last))
  const sent = summed(columns(meters.sources))
  const stations = columns(meters.stations)
  const kept = stations.filter((column) => isKnown(column))
  if (kept.length < LEAST_SHARE * stations.length) return undefined
  const taken = summed(kept.map(carried))
  const [before, now]: [number[][], number[][]] = [[], []]
  for (const [n, sentTh] of sent.entries()) {
    const takenTh = taken[n]
    if (sentTh === undefined || takenTh === undefined || takenTh <= 0) continue
    if (from + n < event) before.push([sentTh, takenTh])
    else if (from + n > Math.max(event, last - NOW_QUARTERS)) now.push([sentTh, takenTh])
  }
  if (before.length < ENOUGH_PAST || now.length === 0) return undefined
  const ratio = median(before.map(([sentTh = 0, takenTh = 1]) => sentTh / takenTh))
  const off = (pairs: readonly number[][]) =>
    pairs.map(([sentTh = 0, takenTh = 0]) => sentTh - ratio * takenTh)
  const usual = off(before)
  const centre = median(usual)
  const floor = METER_SHARE * median(before.map(([sentTh = 0]) => sentTh))
  const flowTh = off(now).reduce((sum, value) => sum + value, 0) / now.length - centre
  return { flowTh, sigmaTh: Math.max(robustSigma(usual, centre), floor) }
}

type Column = readonly (number | undefined)[]

function columnOf(run: Run, deviceId: string, from: number, last: number): Column {
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
