import type { Instant } from '../instant.ts'
import { areasContaining } from './areas.ts'
import { isPipeAsset, positionOf } from './assets.ts'
import type { Asset, Network } from './network.ts'
import { responsibilityOf, type Responsibility } from './ownership.ts'
import { primaryClasses, serviceInstants } from './service.ts'

export interface OwnershipChange extends Responsibility {
  /** From this instant on. */
  readonly at: Instant
}

/**
 * When an asset passes to another department after `from`, by the dates that the network holds: each
 * such change wants 48 hours' written notice (第四条B, A27). Oldest first.
 */
export function ownershipChanges(network: Network, asset: Asset, from: Instant): readonly OwnershipChange[] {
  const later = instantsOf(network, asset).filter((at) => at > from)
  if (later.length === 0) return []
  const changes: OwnershipChange[] = []
  let before = responsibilityOf(network, asset, from).departmentId
  for (const at of later) {
    const now = responsibilityOf(network, asset, at)
    if (now.departmentId !== before) changes.push({ ...now, at })
    before = now.departmentId
  }
  return changes
}

/** Every instant at which the rules could answer differently. */
function instantsOf(network: Network, asset: Asset): readonly Instant[] {
  const ends = isPipeAsset(asset) ? [asset.line[0], asset.line.at(-1)] : []
  const places = [positionOf(asset), ...ends].filter((place) => place !== undefined)
  const dated = network.areas.some(
    ({ validFrom, validTo }) => validFrom !== undefined || validTo !== undefined,
  )
  const areas = dated ? places.flatMap((place) => areasContaining(network, place)) : []
  const all = [
    ...primaryClasses(network, asset).flatMap((of) => serviceInstants(of.dated)),
    ...areas.flatMap(({ validFrom, validTo }) => [validFrom, validTo]),
  ]
  return [...new Set(all.filter((at) => at !== undefined))].sort((a, b) => a - b)
}
