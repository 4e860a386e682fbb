import type { DeviceProperties, NetworkFile, PointProperties } from '#contract/network.ts'
import { isRefusal } from '#contract/problem.ts'
import type { DeviceEvent } from '#contract/vocabulary.ts'
import { createHydraulics } from '#hydraulics'
import type { Hydraulics, NetworkShape } from '#hydraulics'
import { between } from '../seeded-random.ts'
import { passThrough } from '../faults/catalogue.ts'
import type { AppliedFault } from '../faults/fault.ts'
import { networkShape, pipesOf, pointsOf } from '../network-shape.ts'
import type { Sample } from '../sample.ts'
import { DAY, MINUTE } from '../time.ts'
import type { Values } from '../sample.ts'
import { createDemand } from './demand.ts'
import { createSiteConditions, isFound } from './site-conditions.ts'
import { createHeatPlant } from './heat-plant.ts'
import { createPrimaryHydraulics } from './primary-hydraulics.ts'
import { createRadioLink } from './radio-link.ts'
import { reportsOf } from './report-schedule.ts'
import type { FaultEvent, Scenario } from './scenario.ts'
import { dated, ofKind, type Dated } from './event-period.ts'
import { drawTopology } from './topology/topology.ts'

/** A message as it reaches the server. */
export interface Message {
  readonly receivedAt: number
  readonly deviceId: string
  readonly samples: readonly Sample[]
  /** The device decided on an alarm itself. */
  readonly event?: DeviceEvent
}

export interface Season {
  readonly file: NetworkFile
  readonly events: readonly Dated[]
  readonly from: number
  readonly to: number
  /** Water in the primary pipes, m³. */
  readonly volumeM3: number
  /** Wells of each station's secondary network. */
  readonly wellsBehind: ReadonlyMap<string, readonly string[]>
  /** Every message in order of arrival, from the beginning to the end; once. */
  run(take: (message: Message) => void, progress?: (share: number) => void): void
}

/** Weather, demand and hydraulics move from one quarter of an hour to the next. */
const STEP = 15 * MINUTE

interface Arrival {
  readonly receivedAt: number
  readonly deviceId: string
  readonly sample: Sample
  readonly event?: DeviceEvent
}

/** A season of a scenario: the network, and every message that its devices get through. */
export async function createSeason(scenario: Scenario): Promise<Season> {
  const file = withoutAngles(drawTopology(scenario.topology).file, scenario)
  const { seed, mismatch } = scenario
  const hydraulics = await solvable(trueShape(file, seed, mismatch?.share ?? 0))
  const from = Date.parse(scenario.from)
  const to = from + scenario.days * DAY
  const events = dated(scenario)
  const points = pointsOf(file).map(({ properties }) => properties)
  const plant = createHeatPlant({ seed, from, to, events })
  const stations = points.filter((point) => point.kind === 'station')
  const demand = createDemand({ seed, plant, stations, mismatch: mismatch?.share ?? 0 })
  const closed = new Set(mismatch?.closedValve === undefined ? [] : [mismatch.closedValve])
  const leaks = ofKind(events, 'leak')
  const measuredPoints = points.filter(
    ({ network, devices = [] }) => network === 'primary' && devices.some(measuresPressure),
  )
  const primary = createPrimaryHydraulics({
    hydraulics,
    plant,
    demand,
    leaks,
    closed,
    points: measuredPoints,
  })
  const wellsBehind = secondaryWells(file)
  const facts = {
    seed,
    plant,
    primary,
    volumeM3: hydraulics.volumeM3,
    events,
    wellsBehind,
    found: scenario.found,
  }
  const devices = points.flatMap((asset) =>
    (asset.devices ?? []).map((device) => createSender(scenario, { asset, device, facts, events })),
  )
  const instants = [...leaks, ...ofKind(events, 'pump-trip')].flatMap((event) => [event.from, event.until])
  instants.sort((a, b) => a - b)

  function run(take: (message: Message) => void, progress?: (share: number) => void): void {
    const waiting = new Map<number, Arrival[]>()
    const put = (arrival: Arrival): void => {
      const step = Math.floor(arrival.receivedAt / STEP)
      const list = waiting.get(step)
      if (list === undefined) waiting.set(step, [arrival])
      else list.push(arrival)
    }
    for (let begin = from; begin < to; begin += STEP) {
      const end = Math.min(to, begin + STEP)
      const cuts = instants.filter((at) => at > begin && at < end)
      for (const [i, cut] of [begin, ...cuts].entries()) {
        const until = cuts[i] ?? end
        if (until <= cut) continue
        primary.advance(cut, until)
        for (const send of devices) send(cut, until, put)
      }
      deliver(waiting, Math.floor(begin / STEP), take)
      progress?.((end - from) / (to - from))
    }
    hydraulics.close()
  }
  return { file, events, from, to, volumeM3: hydraulics.volumeM3, wellsBehind, run }
}

/** Nobody has registered at which angle a lid on a slope lies. */
function withoutAngles(file: NetworkFile, scenario: Scenario): NetworkFile {
  for (const { properties } of file.features) {
    if (!('devices' in properties) || !isFound(scenario, 'leaning', properties.id)) continue
    properties.devices = properties.devices?.map(({ installedTiltDeg: _, ...device }) => device)
  }
  return file
}

/** By station, the wells of its secondary network. */
function secondaryWells(file: NetworkFile): ReadonlyMap<string, readonly string[]> {
  const pipes = pipesOf(file).map(({ properties }) => properties)
  const secondary = pipes.filter(({ network }) => network === 'secondary')
  return new Map(
    [...Map.groupBy(secondary, ({ from }) => from)].map(([id, own]) => [id, own.map(({ to }) => to)]),
  )
}

async function solvable(shape: NetworkShape): Promise<Hydraulics> {
  const hydraulics = await createHydraulics(shape)
  if (isRefusal(hydraulics)) throw new Error(hydraulics.detailEn)
  return hydraulics
}

function measuresPressure({ signals }: DeviceProperties): boolean {
  return signals.includes('pressure_mpa') || signals.includes('primary_supply_mpa')
}

/** Pipes as they are, which is not quite as the file says. */
function trueShape(file: NetworkFile, seed: number, share: number) {
  const shape = networkShape(file)
  return {
    ...shape,
    pipes: shape.pipes.map((pipe) => ({
      ...pipe,
      roughnessMm:
        (pipe.roughnessMm ?? 0.5) * (1 + between(seed, [-share, share], 'true roughness', pipe.id)),
    })),
  }
}

function createSender(
  { seed }: Scenario,
  place: {
    readonly asset: PointProperties
    readonly device: DeviceProperties
    readonly facts: Parameters<typeof createSiteConditions>[0]
    readonly events: readonly Dated[]
  },
): (from: number, to: number, put: (arrival: Arrival) => void) => void {
  const { asset, device, facts, events } = place
  const gauge = createSiteConditions(facts, asset, device)
  const radio = createRadioLink(seed, device, ofKind(events, 'outage'))
  const reports = reportsOf(seed, { device, asset }, events)
  const faults = ofKind(events, 'fault')
    .filter((fault) => fault.device === device.id)
    .map(appliedFault)
  const frozen = new Map<number, Values>()

  return (from, to, put) => {
    for (const { at, urgent, event, tiltDeg } of reports(from, to)) {
      const truth = gauge(at)
      const values = tiltDeg === undefined ? truth : { ...truth, cover_tilt_deg: tiltDeg }
      for (const sendAt of radio(at, urgent)) {
        const sending = { sendAt, sample: { ts: at, values } }
        const sent =
          faults.length === 0
            ? [sending]
            : passThrough(sending, {
                deviceId: device.id,
                seed,
                faults,
                valuesAt: firstAfter(frozen, values),
              })
        for (const { sendAt: receivedAt, sample } of sent) {
          const said = event === undefined ? {} : { event }
          put({ receivedAt: Math.round(receivedAt), deviceId: device.id, sample, ...said })
        }
      }
    }
  }
}

/** What a fault froze at its onset: the first sample of it, since nothing was measured at the instant itself. */
function firstAfter(frozen: Map<number, Values>, now: Values): (at: number) => Values {
  return (at) => {
    const known = frozen.get(at) ?? now
    frozen.set(at, known)
    return known
  }
}

function appliedFault({ device, fault, from, until, signal, size }: Dated<FaultEvent>): AppliedFault {
  return {
    deviceId: device,
    fault,
    from,
    until,
    ...(signal === undefined ? {} : { signal }),
    ...(size === undefined ? {} : { size }),
  }
}

/** Hands on what came in during a step; samples of a device that came together are one message. */
function deliver(waiting: Map<number, Arrival[]>, step: number, take: (message: Message) => void): void {
  const due: Arrival[] = []
  for (const [at, list] of waiting) {
    if (at > step) continue
    due.push(...list)
    waiting.delete(at)
  }
  due.sort(
    (a, b) => a.receivedAt - b.receivedAt || (a.deviceId < b.deviceId ? -1 : a.deviceId > b.deviceId ? 1 : 0),
  )
  for (let i = 0; i < due.length;) {
    const first = due[i]
    if (first === undefined) return
    let next = i + 1
    const { receivedAt, deviceId, event } = first
    const together = (other: Arrival | undefined) =>
      event === undefined &&
      other?.event === undefined &&
      other?.receivedAt === receivedAt &&
      other.deviceId === deviceId
    while (together(due[next])) next += 1
    const samples = due.slice(i, next).map(({ sample }) => sample)
    take({ receivedAt, deviceId, samples, ...(event === undefined ? {} : { event }) })
    i = next
  }
}
