import { NETWORK_LEVELS, type NetworkLevel } from '#contract/vocabulary.ts'
import { oncePerNetwork } from './assets.ts'
import { graphOf, leastCosts, standingPoints, stopsOf, type Graph, type Step } from './graph.ts'
import type { Network, PipeAsset } from './network.ts'

/**
 * Which way supply water comes on one level: from the heat sources, or on the secondary level from the
 * stations, along the path of least head loss. In a loop a point keeps every path that costs the same.
 */
interface Flow {
  readonly costs: ReadonlyMap<string, number>
  /** The points that feed a point directly. */
  readonly feeders: ReadonlyMap<string, readonly string[]>
  readonly fed: ReadonlyMap<string, readonly string[]>
  /** The source or station whose water a point gets; of several at equal cost the first by id. */
  readonly origin: ReadonlyMap<string, string>
}

/** Two ways count as equal when their head losses differ by less than this share: lengths are no better known. */
const TIE = 0.01

const flows = oncePerNetwork((network) => ({
  primary: flowFrom(graphOf(network, 'primary'), originsOf(network, 'primary')),
  secondary: flowFrom(graphOf(network, 'secondary'), originsOf(network, 'secondary')),
}))

function originsOf(network: Network, level: NetworkLevel): readonly string[] {
  const kind = level === 'primary' ? 'source' : 'station'
  const { steps } = graphOf(network, level)
  const origins = [...network.points.values()].filter((p) => p.kind === kind || p.kind === 'source')
  return origins.map((p) => p.id).filter((id) => steps.has(id))
}

function flowFrom(graph: Graph, origins: readonly string[]): Flow {
  const costs = leastCosts(graph, origins, (step: Step) => step.resistance)
  const feeders = new Map<string, string[]>()
  const fed = new Map<string, string[]>()
  const origin = new Map(origins.map((id) => [id, id]))
  for (const [id, cost] of costs) {
    if (graph.closed.has(id) && cost > 0) continue
    for (const { to, resistance } of graph.steps.get(id) ?? []) {
      const there = costs.get(to)
      if (there === undefined || there <= cost || cost + resistance > there * (1 + TIE)) continue
      if (feeders.get(to)?.includes(id) === true) continue
      append(feeders, to, id)
      append(fed, id, to)
    }
  }
  // `costs` runs from near to far, so every feeder has its origin before the points that it feeds.
  for (const id of costs.keys()) {
    const [first] = (feeders.get(id) ?? []).flatMap((feeder) => origin.get(feeder) ?? []).sort()
    if (first !== undefined && !origin.has(id)) origin.set(id, first)
  }
  return { costs, feeders, fed, origin }
}

function append(lists: Map<string, string[]>, key: string, value: string): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

/**
 * Points whose water reaches the asset, back to the source (on the secondary level to the station).
 * Empty for what no source feeds. A station looks up on the primary level and down on both.
 */
export function upstream(network: Network, assetId: string): ReadonlySet<string> {
  return reached(network, assetId, 'feeders')
}

/** Points that get their water through the asset: what loses heat when it is shut. */
export function downstream(network: Network, assetId: string): ReadonlySet<string> {
  return reached(network, assetId, 'fed')
}

/** The source or station that feeds a point or pipe on a level; undefined for an island. */
export function originOf(network: Network, assetId: string, level: NetworkLevel): string | undefined {
  const { origin, costs } = flows(network)[level]
  const pipe = network.pipes.get(assetId)
  if (pipe === undefined) return origin.get(assetId)
  const cost = (id: string) => costs.get(id) ?? Infinity
  const [nearer] = endsOf(network, pipe, level, 'feeders').sort((a, b) => cost(a) - cost(b))
  return nearer === undefined ? undefined : origin.get(nearer)
}

function reached(network: Network, assetId: string, way: 'feeders' | 'fed'): ReadonlySet<string> {
  const found = new Set<string>()
  const pipe = network.pipes.get(assetId)
  const own = new Set(standingPoints(network, assetId).filter((id) => id !== pipe?.from && id !== pipe?.to))
  for (const level of NETWORK_LEVELS) {
    const flow = flows(network)[level]
    const seen = new Set<string>()
    const waiting =
      pipe === undefined ? [...(flow[way].get(assetId) ?? [])] : endsOf(network, pipe, level, way)
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (seen.has(id) || own.has(id)) continue
      seen.add(id)
      found.add(id)
      waiting.push(...(flow[way].get(id) ?? []))
    }
  }
  return found
}

/** The ends through which water enters a pipe (`feeders`) or leaves it; where two ways meet, both feed it. */
function endsOf(network: Network, pipe: PipeAsset, level: NetworkLevel, way: 'feeders' | 'fed'): string[] {
  if (pipe.network !== level) return []
  const { costs, feeders } = flows(network)[level]
  const { closed } = graphOf(network, level)
  const stops = stopsOf(network, pipe).map(({ id }) => id)
  const leavesAt = (end: string) =>
    feeders.get(end)?.includes((end === pipe.from ? stops[1] : stops.at(-2)) ?? '')
  return [pipe.from, pipe.to].filter((end) =>
    way === 'fed' ? leavesAt(end) : costs.has(end) && !closed.has(end) && leavesAt(end) !== true,
  )
}
