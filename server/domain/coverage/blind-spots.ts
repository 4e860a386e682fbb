import { leastCosts, graphOf, stopsOf } from '../network/graph.ts'
import type { Network, PipeAsset, PlacedDevice, PointAsset } from '../network/network.ts'
import type { Blindness } from './missing-signals.ts'
import { SUBJECTS, subjectsOf, type Subject } from './subjects.ts'

/** Why a device tells nothing of a signal that could be believed; undefined: it does. */
export type BlindnessOf = (device: PlacedDevice, signal: string) => Blindness | undefined

/** One signal of one device that tells nothing. */
interface BlindSignal extends Blindness {
  readonly deviceId: string
  readonly signal: string
}

/** What would be watched if every device worked, and is not. */
interface BlindSpot {
  readonly subject: Subject
  /** Points that are watched no longer; of a stretch of pipes its sensors. */
  readonly assetIds: readonly string[]
  readonly pipeIds: readonly string[]
  /** Devices whose repair would end it. */
  readonly deviceIds: readonly string[]
  /** Of each of their signals why it tells nothing. */
  readonly reasons: readonly BlindSignal[]
  /** When the last of them fell away, ms; 0: it has never spoken. */
  readonly since: number
}

/** How much of one subject is watched: places, for pipes metres. */
interface Coverage {
  readonly subject: Subject
  readonly installed: number
  readonly working: number
}

export interface Watching {
  readonly spots: readonly BlindSpot[]
  readonly coverage: readonly Coverage[]
}

/**
 * A leak is felt by sensors so many hops along the pipes from it: as far as findings are taken for one
 * incident.
 */
const REACH_HOPS = 3

/**
 * What a network's devices watch, and where they have fallen away. A place without any device is no blind
 * spot here: nobody had promised to watch it. Grows with points, pipes and devices, not with their square.
 */
export function watching(network: Network, blindnessOf: BlindnessOf): Watching {
  const steps = watchingInSteps(network, blindnessOf)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

/** So many points are looked at in a few milliseconds. */
const POINTS_A_STEP = 500

/** `watching` in steps of a few milliseconds, for whoever must not hold up others. */
export function* watchingInSteps(network: Network, blindnessOf: BlindnessOf): Generator<undefined, Watching> {
  const places: Place[] = []
  let count = 0
  for (const point of network.points.values()) {
    if (++count % POINTS_A_STEP === 0) yield
    places.push(...placesAt(point, network, blindnessOf))
  }
  const points = places.filter(({ subject }) => subject !== 'leak')
  yield
  const stretches = yield* pipeSpots(
    network,
    places.filter(({ subject }) => subject === 'leak'),
  )
  return {
    spots: [
      ...points.flatMap((place) => (place.since === undefined ? [] : spotOf(place))),
      ...stretches.spots,
    ],
    coverage: SUBJECTS.map((subject) => {
      if (subject === 'leak') return { subject, ...stretches.lengths }
      const own = points.filter((place) => place.subject === subject)
      const working = own.filter(({ since }) => since === undefined).length
      return { subject, installed: own.length, working }
    }).filter(({ installed }) => installed > 0),
  }
}

/** One subject at one point, with the devices for it. `since`: all of them are down. */
interface Place {
  readonly subject: Subject
  readonly assetId: string
  readonly deviceIds: readonly string[]
  readonly reasons: readonly BlindSignal[]
  readonly since: number | undefined
}

function placesAt(point: PointAsset, network: Network, blindnessOf: BlindnessOf): readonly Place[] {
  const placed = (point.devices ?? []).flatMap(({ id }) => network.devices.get(id) ?? [])
  const devices = placed.flatMap((device) =>
    subjectsOf(point, device.signals).map(({ subject, signals }) => {
      const reasons = signals.flatMap((signal) => {
        const blind = blindnessOf(device, signal)
        return blind === undefined ? [] : [{ deviceId: device.id, signal, ...blind }]
      })
      // One believable signal of a subject is enough to watch it.
      const since = reasons.length < signals.length ? undefined : latest(reasons)
      return { subject, id: device.id, reasons, since }
    }),
  )
  return [...Map.groupBy(devices, ({ subject }) => subject)].map(([subject, own]) => ({
    subject,
    assetId: point.id,
    deviceIds: own.map(({ id }) => id),
    reasons: own.flatMap(({ reasons }) => reasons),
    since: own.some(({ since }) => since === undefined) ? undefined : latest(own),
  }))
}

function latest(some: readonly { readonly since: number | undefined }[]): number {
  return Math.max(0, ...some.map(({ since }) => since ?? 0))
}

function spotOf({ subject, assetId, deviceIds, reasons, since }: Place): BlindSpot {
  return { subject, assetIds: [assetId], pipeIds: [], deviceIds, reasons, since: since ?? 0 }
}

/** Stretches of the primary network that no working pressure sensor reaches, and one would have. */
function* pipeSpots(
  network: Network,
  sensors: readonly Place[],
): Generator<
  undefined,
  { readonly lengths: Omit<Coverage, 'subject'>; readonly spots: readonly BlindSpot[] }
> {
  const graph = graphOf(network, 'primary')
  const reached = (places: readonly Place[]) =>
    leastCosts(
      graph,
      places.map(({ assetId }) => assetId),
      () => 1,
      REACH_HOPS,
    )
  const down = sensors.filter(({ since }) => since !== undefined)
  const installed = reached(sensors)
  yield
  const working = reached(sensors.filter(({ since }) => since === undefined))
  yield
  const pipes = [...network.pipes.values()].filter((pipe) => pipe.network === 'primary')
  const isReached = (pipe: PipeAsset, by: ReadonlyMap<string, number>): boolean =>
    stopsOf(network, pipe).some(({ id }) => by.has(id))
  const could = pipes.filter((pipe) => isReached(pipe, installed))
  const blind = could.filter((pipe) => !isReached(pipe, working))
  yield
  const total = (some: readonly PipeAsset[]): number =>
    Math.round(some.reduce((sum, { lengthM }) => sum + lengthM, 0))
  return {
    lengths: { installed: total(could), working: total(could) - total(blind) },
    spots: connected(network, blind).map((stretch): BlindSpot => {
      const stops = new Set(stretch.flatMap((pipe) => stopsOf(network, pipe).map(({ id }) => id)))
      const near = leastCosts(graph, stops, () => 1, REACH_HOPS)
      const lost = down.filter(({ assetId }) => near.has(assetId))
      return {
        subject: 'leak',
        assetIds: lost.map(({ assetId }) => assetId),
        pipeIds: stretch.map(({ id }) => id),
        deviceIds: lost.flatMap(({ deviceIds }) => deviceIds),
        reasons: lost.flatMap(({ reasons }) => reasons),
        since: latest(lost),
      }
    }),
  }
}

/** Pipes in groups that share points. */
function connected(network: Network, pipes: readonly PipeAsset[]): readonly (readonly PipeAsset[])[] {
  const byPoint = new Map<string, PipeAsset[]>()
  const stops = new Map(pipes.map((pipe) => [pipe.id, stopsOf(network, pipe).map(({ id }) => id)]))
  for (const pipe of pipes) {
    for (const id of stops.get(pipe.id) ?? []) byPoint.set(id, [...(byPoint.get(id) ?? []), pipe])
  }
  const left = new Set(pipes)
  const groups: PipeAsset[][] = []
  for (const pipe of pipes) {
    if (!left.delete(pipe)) continue
    const group = [pipe]
    for (const one of group) {
      for (const id of stops.get(one.id) ?? []) {
        for (const other of byPoint.get(id) ?? []) if (left.delete(other)) group.push(other)
      }
    }
    groups.push(group)
  }
  return groups
}
