import { DAY, type Instant } from '../../instant.ts'
import { oncePerNetwork } from '../../network/assets.ts'
import type { Network } from '../../network/network.ts'
import type { DetectorRun } from '../core/context.ts'
import { meanOf } from '../core/series.ts'
import { soundBuckets } from '../core/quarantine.ts'
import { leakZones, type LeakZone } from '../core/zones.ts'

/** Signals that sensors' pressures are expected from; what a zone does not have is left out. */
interface Drivers {
  readonly supply: readonly Channel[]
  readonly back: readonly Channel[]
  readonly sourceFlow: readonly Channel[]
  readonly stationFlow: readonly Channel[]
  readonly outdoor: readonly Channel[]
}
interface Channel {
  readonly deviceId: string
  readonly signal: string
}

/** What a zone was driven by in one stretch of time; undefined: not known. Pressures in kPa, flow in t/h. */
export interface Drive {
  readonly supplyKpa: number | undefined
  readonly returnKpa: number | undefined
  readonly flowTh: number | undefined
  readonly outdoorC: number | undefined
}

const MPA = 1000

const driversOf = oncePerNetwork(
  (network): ReadonlyMap<string, Drivers> =>
    new Map(leakZones(network).map((zone) => [zone.id, driversOfZone(network, zone)])),
)

function driversOfZone(network: Network, zone: LeakZone): Drivers {
  const sources = new Set(zone.sourceIds)
  const channels = (signal: string, where: (assetId: string) => boolean): Channel[] =>
    [...network.devices.values()]
      .filter((device) => device.signals.includes(signal) && where(device.assetId))
      .map(({ id }) => ({ deviceId: id, signal }))
      .sort((a, b) => (a.deviceId < b.deviceId ? -1 : 1))
  const atSource = (id: string) => sources.has(id)
  const atStation = (id: string) => zone.points.has(id) && network.points.get(id)?.kind === 'station'
  return {
    supply: channels('primary_supply_mpa', atSource),
    back: channels('primary_return_mpa', atSource),
    sourceFlow: channels('primary_flow_t_h', atSource),
    stationFlow: channels('primary_flow_t_h', atStation),
    outdoor: channels('outdoor_c', (id) => zone.points.has(id)).slice(0, 3),
  }
}

/** Whether the flow is measured at the source, where a leak on the supply shows in it. */
export function flowShowsLeak(network: Network, zoneId: string): boolean {
  return (driversOf(network).get(zoneId)?.sourceFlow.length ?? 0) > 0
}

/** What drove the zone in the quarter hours numbered `from` to `to` (floor(at / 15 min)), both included. */
export function drivesOf(run: DetectorRun, zoneId: string, from: number, to: number): readonly Drive[] {
  const drivers = driversOf(run.context.network).get(zoneId)
  const length = to - from + 1
  if (drivers === undefined) return []
  const means = (channels: readonly Channel[]) => meansOf(run, channels, from, length)
  const [supply, back] = [means(drivers.supply), means(drivers.back)]
  const outdoor = carriedOn(means(drivers.outdoor))
  const meters = drivers.sourceFlow.length > 0 ? drivers.sourceFlow : drivers.stationFlow
  const flow = means(meters)
  const times = (value: number | undefined, by: number) => (value === undefined ? undefined : value * by)
  return Array.from({ length }, (_, n) => ({
    supplyKpa: times(supply[n], MPA),
    returnKpa: times(back[n], MPA),
    flowTh: times(flow[n], meters.length),
    outdoorC: outdoor[n],
  }))
}

/** Weather moves slowly: a gap keeps the last value. */
function carriedOn(values: readonly (number | undefined)[]): readonly (number | undefined)[] {
  let last = values.find((value) => value !== undefined)
  return values.map((value) => (last = value ?? last))
}

/** Means of the channels; undefined unless nine of ten speak, for a missing one would look like a change. */
function meansOf(
  run: DetectorRun,
  channels: readonly Channel[],
  from: number,
  length: number,
): (number | undefined)[] {
  const sum = new Float64Array(length)
  const count = new Int32Array(length)
  for (const { deviceId, signal } of channels) {
    const buckets = soundBuckets(run, deviceId, signal)
    if (buckets === undefined) continue
    for (let n = 0; n < length; n += 1) {
      const value = meanOf(buckets, from + n)
      if (value === undefined) continue
      sum[n] = (sum[n] ?? 0) + value
      count[n] = (count[n] ?? 0) + 1
    }
  }
  return Array.from(sum, (value, n) => {
    const speaking = count[n] ?? 0
    return speaking === 0 || speaking < 0.9 * channels.length ? undefined : value / speaking
  })
}

/** Regressors of one stretch of time by name, the daily course at its middle among them; undefined: not known. */
export function regressorsOf(drive: Drive, middle: Instant): Readonly<Record<string, number | undefined>> {
  const angle = (2 * Math.PI * (middle % DAY)) / DAY
  return {
    supply: drive.supplyKpa,
    return: drive.returnKpa,
    flow: drive.flowTh,
    flow2: drive.flowTh === undefined ? undefined : drive.flowTh ** 2,
    outdoor: drive.outdoorC,
    sin1: Math.sin(angle),
    cos1: Math.cos(angle),
    sin2: Math.sin(2 * angle),
    cos2: Math.cos(2 * angle),
  }
}

export const REGRESSORS = [
  'supply',
  'return',
  'flow',
  'flow2',
  'outdoor',
  'sin1',
  'cos1',
  'sin2',
  'cos2',
] as const
