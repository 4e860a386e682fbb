import type { NetworkLevel } from '#contract/vocabulary.ts'
import { assetOf, isPipeAsset } from './assets.ts'
import { levelOf } from './class.ts'
import { graphOf, stopsOf, type Graph } from './graph.ts'
import type { Network } from './network.ts'
import { levelsAt } from './topology.ts'

/** Which valves cut an asset off from the heat, and who is without it then. Ids, each list sorted. */
export interface Isolation {
  readonly assetId: string
  readonly level: NetworkLevel
  /** Open valves to close. Opening any one of them again reconnects the asset. */
  readonly valves: readonly string[]
  /** Valves that are closed already and must stay so, for they border on what is cut off. */
  readonly keepClosed: readonly string[]
  /** Valves behind the asset: closing them too keeps the water that stands there from draining. */
  readonly againstDraining: readonly string[]
  /** Sources or stations with no valve that can be closed between them and the asset: to be stopped. */
  readonly stop: readonly string[]
  /** For each of `stop` the points from the asset to it, by the fewest hops: the way without a valve. */
  readonly openWays: readonly (readonly string[])[]
  /** False: no source reached the asset before either. */
  readonly wasFed: boolean
  /** Points of both levels that lose their supply, with the asset itself and the closed valves. */
  readonly points: readonly string[]
  /** Pipes of both levels with a stretch that loses its supply. */
  readonly pipes: readonly string[]
}

/** A leaking pipe as a point of its own, so that valves at its ends can be closed. */
const ASSET = ' asset'

/**
 * Walks out from the asset to the nearest valves on every way and keeps those behind which a source
 * lies. No other choice of valves leaves fewer points without supply, and none with so few needs fewer
 * valves. Valves in `stuck` cannot be closed: the walk goes on to the next ring. Undefined for an unknown
 * asset. A station is cut off on its primary side.
 */
export function isolation(
  network: Network,
  assetId: string,
  stuck: ReadonlySet<string> = new Set(),
): Isolation | undefined {
  const level = levelOfAsset(network, assetId)
  if (level === undefined) return undefined
  const ways = waysAround(network, assetId, level)
  const origins = originsOf(network, level)
  const closes = (id: string): boolean => id !== assetId && isOpenValve(network, ways, id) && !stuck.has(id)

  const inner = reach(ways, [ASSET], closes)
  const ring = new Set([...inner.keys()].flatMap((id) => ways.next(id)).filter((id) => closes(id)))
  const stop = origins.filter((id) => inner.has(id))
  const fed = reach(
    ways,
    origins.filter((id) => !inner.has(id)),
    (id) => ring.has(id),
  )
  const valves = [...ring].filter((id) => ways.next(id).some((other) => fed.has(other)))
  const before = reach(ways, origins, () => false)
  const still = reach(
    ways,
    origins.filter((id) => !stop.includes(id)),
    (id) => valves.includes(id),
  )
  const lost = [...before.keys()].filter((id) => !still.has(id))
  const cut = new Set([...lost, ...inner.keys()])

  return {
    assetId,
    level,
    stop,
    valves: valves.sort(),
    keepClosed: [...graphOf(network, level).closed].filter((id) => bordersOn(network, level, id, cut)).sort(),
    againstDraining: [...ring].filter((id) => !valves.includes(id)).sort(),
    openWays: stop.map((id) => wayFrom(inner, id)),
    wasFed: before.has(ASSET),
    ...cutOff(network, { level, assetId, lost: new Set(lost), still }),
  }
}

function levelOfAsset(network: Network, assetId: string): NetworkLevel | undefined {
  const asset = assetOf(network, assetId)
  if (asset === undefined) return undefined
  if (isPipeAsset(asset)) return asset.network
  const [first] = levelsAt(network, [assetId])
  return first ?? levelOf(network, asset)
}

/** The network as somebody sees it who stands at the asset: closed valves end a way. */
interface Ways {
  readonly graph: Graph
  next(id: string): readonly string[]
}

function waysAround(network: Network, assetId: string, level: NetworkLevel): Ways {
  const graph = graphOf(network, level)
  const pipe = network.pipes.get(assetId)
  const own = pipe === undefined ? [assetId] : stopsOf(network, pipe).map(({ id }) => id)
  const touching = new Set(own)
  const passes = (id: string): boolean => !graph.closed.has(id) || id === assetId
  return {
    graph,
    next(id) {
      if (id === ASSET) return own.filter(passes)
      const beyond = (graph.steps.get(id) ?? []).map(({ to }) => to).filter(passes)
      return touching.has(id) ? [...beyond, ASSET] : beyond
    },
  }
}

function isOpenValve(network: Network, { graph }: Ways, id: string): boolean {
  return network.points.get(id)?.kind === 'valve' && !graph.closed.has(id)
}

/** What supplies a level: sources, and stations their secondary network. */
function originsOf(network: Network, level: NetworkLevel): readonly string[] {
  return [...network.points.values()]
    .filter(({ kind }) => kind === 'source' || (level === 'secondary' && kind === 'station'))
    .map(({ id }) => id)
    .sort()
}

/** Every point that can be reached without entering a barred one, each with the point before it. */
function reach(
  ways: Pick<Ways, 'next'>,
  from: readonly string[],
  barred: (id: string) => boolean,
): ReadonlyMap<string, string | undefined> {
  const before = new Map<string, string | undefined>(
    from.filter((id) => !barred(id)).map((id) => [id, undefined]),
  )
  for (const id of before.keys()) {
    for (const other of ways.next(id)) if (!before.has(other) && !barred(other)) before.set(other, id)
  }
  return before
}

function wayFrom(inner: ReadonlyMap<string, string | undefined>, to: string): readonly string[] {
  const way: string[] = []
  for (let id: string | undefined = to; id !== undefined && id !== ASSET; id = inner.get(id)) way.unshift(id)
  return way
}

function bordersOn(network: Network, level: NetworkLevel, valve: string, cut: ReadonlySet<string>): boolean {
  const beside = (graphOf(network, level).steps.get(valve) ?? []).map(({ to }) => to)
  return beside.some((id) => cut.has(id)) && beside.some((id) => !cut.has(id))
}

interface Loss {
  readonly level: NetworkLevel
  readonly assetId: string
  readonly lost: ReadonlySet<string>
  readonly still: ReadonlyMap<string, unknown>
}

/** Carries the loss on to the secondary networks of the stations without heat. */
function cutOff(network: Network, loss: Loss): Pick<Isolation, 'points' | 'pipes'> {
  const points = new Set([...loss.lost].filter((id) => id !== ASSET))
  if (network.points.has(loss.assetId)) points.add(loss.assetId)
  const stillOn = new Map<NetworkLevel, ReadonlyMap<string, unknown>>([[loss.level, loss.still]])
  if (loss.level === 'primary') {
    const { steps, closed } = graphOf(network, 'secondary')
    const ways = {
      next: (id: string) => (steps.get(id) ?? []).map(({ to }) => to).filter((to) => !closed.has(to)),
    }
    const origins = originsOf(network, 'secondary')
    const left = reach(
      ways,
      origins.filter((id) => !points.has(id)),
      () => false,
    )
    for (const id of reach(ways, origins, () => false).keys()) if (!left.has(id)) points.add(id)
    stillOn.set('secondary', left)
  }
  const pipes = [...network.pipes.values()].filter((pipe) => {
    const still = stillOn.get(pipe.network)
    if (pipe.id === loss.assetId) return true
    if (still === undefined) return false
    const stops = stopsOf(network, pipe).map(({ id }) => id)
    return stops.some((id, i) => {
      const next = stops[i + 1]
      if (next === undefined || still.has(id) || still.has(next)) return false
      return points.has(id) || points.has(next)
    })
  })
  return { points: [...points].sort(), pipes: pipes.map(({ id }) => id).sort() }
}
