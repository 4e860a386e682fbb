import { NETWORK_LEVELS, type NetworkLevel } from '#contract/vocabulary.ts'
import { oncePerNetwork } from './assets.ts'
import { graphOf, leastCosts, standingPoints, type Step } from './graph.ts'
import type { Network } from './network.ts'

const one = () => 1
const metres = (step: Step) => step.lengthM

/** Ids of points from which at least one pipe of that level leads on. */
export function levelsAt(network: Network, pointIds: readonly string[]): readonly NetworkLevel[] {
  return NETWORK_LEVELS.filter((level) => pointIds.some((id) => graphOf(network, level).steps.has(id)))
}

/**
 * Points within so many hops along the pipes, with their hops, without the asset's own points. A hop is
 * the stretch from a point to the next; water passes neither a closed valve nor from one level to the
 * other, so a station is reached and not crossed.
 */
export function neighbours(network: Network, assetId: string, hops: number): ReadonlyMap<string, number> {
  const own = standingPoints(network, assetId)
  const found = new Map<string, number>()
  for (const level of NETWORK_LEVELS) {
    for (const [id, n] of leastCosts(graphOf(network, level), own, one, hops)) {
      if (n > 0) found.set(id, Math.min(n, found.get(id) ?? Infinity))
    }
  }
  return found
}

/**
 * Hops along the pipes of one level between two assets, 0 when they share a point; undefined when they
 * lie more than `limit` hops apart or no water passes between them.
 */
export function hopsBetween(network: Network, a: string, b: string, limit: number): number | undefined {
  return leastBetween(network, [a, b], one, limit)
}

/** Metres along the pipes between two assets; undefined beyond `limitM`. Meaning as `hopsBetween`. */
export function metresBetween(network: Network, a: string, b: string, limitM: number): number | undefined {
  return leastBetween(network, [a, b], metres, limitM)
}

function leastBetween(
  network: Network,
  [a, b]: readonly [string, string],
  cost: (step: Step) => number,
  limit: number,
): number | undefined {
  const [from, to] = [standingPoints(network, a), standingPoints(network, b)]
  const found = NETWORK_LEVELS.flatMap((level) => {
    const costs = leastCosts(graphOf(network, level), from, cost, limit)
    return to.flatMap((id) => costs.get(id) ?? [])
  })
  return found.length === 0 ? undefined : Math.min(...found)
}

const fromInstrumented = oncePerNetwork((network) => {
  const ids = [...network.devices.values()].map((device) => device.assetId)
  const wells = ids.filter((id) => network.points.get(id)?.kind === 'well')
  return NETWORK_LEVELS.map((level) => leastCosts(graphOf(network, level), wells, metres))
})

/**
 * Metres along the pipes from an asset to the nearest well with a device, 0 at one; undefined when none
 * can be reached.
 */
export function metresToInstrumentedWell(network: Network, assetId: string): number | undefined {
  const found = standingPoints(network, assetId).flatMap((id) =>
    fromInstrumented(network).flatMap((costs) => costs.get(id) ?? []),
  )
  return found.length === 0 ? undefined : Math.min(...found)
}
