import { NETWORK_LEVELS, type NetworkLevel } from '#contract/vocabulary.ts'
import { assetOf, isPipeAsset, oncePerNetwork } from './assets.ts'
import { levelOf } from './class.ts'
import { originOf } from './flow.ts'
import { graphOf, leastCosts } from './graph.ts'
import type { Network } from './network.ts'

const islands = oncePerNetwork((network) => ({
  primary: componentsOf(network, 'primary'),
  secondary: componentsOf(network, 'secondary'),
}))

/** Which connected part of a level each point lies in, called after its first source, else its first point. */
function componentsOf(network: Network, level: NetworkLevel): ReadonlyMap<string, string> {
  const graph = graphOf(network, level)
  const part = new Map<string, string>()
  const isSource = (id: string) => network.points.get(id)?.kind === 'source'
  const starts = [...graph.steps.keys()].sort(
    (a, b) => Number(isSource(b)) - Number(isSource(a)) || (a < b ? -1 : 1),
  )
  for (const start of starts) {
    if (part.has(start) || graph.closed.has(start)) continue
    for (const id of leastCosts(graph, [start], () => 1).keys()) if (!part.has(id)) part.set(id, start)
  }
  return part
}

/**
 * The station whose secondary network an asset belongs to; a station is its own. Undefined on the
 * primary network and where no station can be reached.
 */
export function stationOf(network: Network, assetId: string): string | undefined {
  const asset = assetOf(network, assetId)
  if (asset === undefined) return undefined
  if (asset.kind === 'station') return assetId
  if (levelOf(network, asset) === 'primary') return undefined
  const origin = originOf(network, assetId, 'secondary')
  return network.points.get(origin ?? '')?.kind === 'station' ? origin : undefined
}

/**
 * The hydraulic zone of an asset: its own `zone`, else one zone for each connected primary network and
 * for each station's secondary one. Closed valves part zones. Undefined for an unknown asset.
 */
export function zoneOf(network: Network, assetId: string): string | undefined {
  const asset = assetOf(network, assetId)
  if (asset === undefined || asset.zone !== undefined) return asset?.zone
  const level = levelOf(network, asset)
  const station = level === 'secondary' ? stationOf(network, assetId) : undefined
  return `${level}:${station ?? partOf(network, assetId, level)}`
}

function partOf(network: Network, assetId: string, level: NetworkLevel): string {
  const asset = assetOf(network, assetId)
  const points = asset !== undefined && isPipeAsset(asset) ? [asset.from, asset.to] : [assetId]
  const { closed } = graphOf(network, level)
  const [open] = [...points.filter((id) => !closed.has(id)), ...points]
  return islands(network)[level].get(open ?? assetId) ?? assetId
}

/** The names of the connected parts of both levels, for the import's warnings. */
export function partsOf(
  network: Network,
): readonly { level: NetworkLevel; start: string; points: readonly string[] }[] {
  return NETWORK_LEVELS.flatMap((level) => {
    const parts = new Map<string, string[]>()
    for (const [id, start] of islands(network)[level]) {
      const points = parts.get(start)
      if (points === undefined) parts.set(start, [id])
      else points.push(id)
    }
    return [...parts].map(([start, points]) => ({ level, start, points }))
  })
}
