import FlatQueue from 'flatqueue'
import type { NetworkLevel } from '#contract/vocabulary.ts'
import { assetOf, isPipeAsset, oncePerNetwork, wellsOnPipes } from './assets.ts'
import { placeOnLine } from './geometry.ts'
import type { Network, PipeAsset } from './network.ts'

/** One stretch of pipe from a point to the next one: a well on the pipe divides it. */
export interface Step {
  readonly to: string
  readonly lengthM: number
  /** Head loss at equal flow, proportional to length / diameter⁵ (Darcy–Weisbach). */
  readonly resistance: number
}

/** Points of one network level and the steps between them. Water passes no closed valve. */
export interface Graph {
  readonly steps: ReadonlyMap<string, readonly Step[]>
  readonly closed: ReadonlySet<string>
}

/** Taken for a pipe whose diameter the file does not give. */
const USUAL_DIAMETER_MM = { trunk: 300, branch: 150 } as const
/** Return pipes lead on only where no supply pipe does. */
const RETURN_PENALTY = 1e9

const graphs = oncePerNetwork((network) => ({
  primary: buildGraph(network, 'primary'),
  secondary: buildGraph(network, 'secondary'),
}))

/** The graph of one level; a station ends both, for no water passes from one to the other. */
export function graphOf(network: Network, level: NetworkLevel): Graph {
  return graphs(network)[level]
}

function buildGraph(network: Network, level: NetworkLevel): Graph {
  const steps = new Map<string, Step[]>()
  const lead = (from: string, step: Step) => {
    const known = steps.get(from)
    if (known === undefined) steps.set(from, [step])
    else known.push(step)
  }
  for (const pipe of network.pipes.values()) {
    if (pipe.network !== level) continue
    const stops = stopsOf(network, pipe)
    for (const [i, { id, alongM }] of stops.entries()) {
      const next = stops[i + 1]
      if (next === undefined || next.id === id) continue
      const lengthM = Math.max(next.alongM - alongM, 0.01)
      const resistance = lengthM * resistancePerMetre(pipe)
      lead(id, { to: next.id, lengthM, resistance })
      lead(next.id, { to: id, lengthM, resistance })
    }
  }
  const closed = [...network.points.values()].filter((p) => p.kind === 'valve' && p.normallyOpen === false)
  return { steps, closed: new Set(closed.map((valve) => valve.id)) }
}

function resistancePerMetre(pipe: PipeAsset): number {
  const metres = (pipe.diameterMm ?? USUAL_DIAMETER_MM[pipe.class]) / 1000
  return (pipe.side === 'return' ? RETURN_PENALTY : 1) / metres ** 5
}

/** The points of a pipe in order: its start, the wells on it, its end. */
export function stopsOf(network: Network, pipe: PipeAsset): readonly { id: string; alongM: number }[] {
  const wells = (wellsOnPipes(network).get(pipe.id) ?? []).filter((id) => id !== pipe.from && id !== pipe.to)
  const between = wells.flatMap((id) => {
    const well = network.points.get(id)
    if (well === undefined) return []
    return [{ id, alongM: Math.min(placeOnLine(pipe.line, well.position).alongM, pipe.lengthM) }]
  })
  between.sort((a, b) => a.alongM - b.alongM || (a.id < b.id ? -1 : 1))
  return [{ id: pipe.from, alongM: 0 }, ...between, { id: pipe.to, alongM: pipe.lengthM }]
}

/** The points where an asset stands: itself, or all points of a pipe; none for an unknown one. */
export function standingPoints(network: Network, assetId: string): readonly string[] {
  const asset = assetOf(network, assetId)
  if (asset === undefined) return []
  return isPipeAsset(asset) ? stopsOf(network, asset).map(({ id }) => id) : [asset.id]
}

/**
 * Least cost from the nearest seed to every point that water can reach (Dijkstra). A closed valve is
 * reached but not passed, unless it is a seed.
 */
export function leastCosts(
  graph: Graph,
  seeds: Iterable<string>,
  cost: (step: Step) => number,
  limit = Infinity,
): ReadonlyMap<string, number> {
  const settled = new Map<string, number>()
  const queue = new FlatQueue<string>()
  for (const seed of new Set(seeds)) queue.push(seed, 0)
  for (;;) {
    const soFar = queue.peekValue() ?? Infinity
    const point = queue.pop()
    if (point === undefined || soFar > limit) return settled
    if (settled.has(point)) continue
    settled.set(point, soFar)
    if (graph.closed.has(point) && soFar > 0) continue
    for (const step of graph.steps.get(point) ?? []) {
      if (!settled.has(step.to)) queue.push(step.to, soFar + cost(step))
    }
  }
}
