import type { Instant } from '../instant.ts'
import { isPipeAsset } from './assets.ts'
import { primaryPipesOf } from './class.ts'
import { checkedInstant } from './dates.ts'
import type { Asset, Network, PipeAsset } from './network.ts'

/** Whether an asset is in service at an instant, and whose warranty still runs. */
export type Service =
  | { readonly kind: 'under-construction'; readonly until?: Instant }
  | { readonly kind: 'in-warranty'; readonly until: Instant }
  | { readonly kind: 'in-service'; readonly warrantyEnded?: Instant }

type Dated = Pick<PipeAsset, 'underConstruction' | 'commissionedAt' | 'warrantyUntil'>

function hasDates(asset: Dated): boolean {
  return [asset.underConstruction, asset.commissionedAt, asset.warrantyUntil].some((d) => d !== undefined)
}

/** Instants at which an asset's or pipe's service changes. */
export function serviceInstants(dated: Dated): readonly Instant[] {
  return [dated.commissionedAt, dated.warrantyUntil].filter((d) => d !== undefined).map(checkedInstant)
}

/**
 * Service by an asset's dates at an instant. Intervals are half-open: at `commissionedAt` it is in service,
 * at `warrantyUntil` out of warranty. `underConstruction` without a date holds until imported again.
 */
export function serviceOf(dated: Dated, asOf: Instant): Service {
  const commissioned = dated.commissionedAt === undefined ? undefined : checkedInstant(dated.commissionedAt)
  if (commissioned !== undefined && asOf < commissioned) {
    return { kind: 'under-construction', until: commissioned }
  }
  if (dated.underConstruction === true && commissioned === undefined) return { kind: 'under-construction' }
  const warranty = dated.warrantyUntil === undefined ? undefined : checkedInstant(dated.warrantyUntil)
  if (warranty === undefined) return { kind: 'in-service' }
  return asOf < warranty
    ? { kind: 'in-warranty', until: warranty }
    : { kind: 'in-service', warrantyEnded: warranty }
}

export interface PrimaryClass {
  /** Undefined: no primary pipe says whether the point is on a trunk or a branch. */
  readonly pipe?: PipeAsset
  /** Whose dates decide: the point's own if it has any, else the pipe's (A44). */
  readonly dated: Dated
}

/**
 * Under which classes and dates a primary asset stands: one entry for each of its pipes. A point's own
 * dates, if it has any, replace those of all its pipes as a whole (A44).
 */
export function primaryClasses(network: Network, asset: Asset): readonly PrimaryClass[] {
  if (isPipeAsset(asset)) return [{ pipe: asset, dated: asset }]
  const pipes = primaryPipesOf(network, asset)
  if (pipes.length === 0) return [{ dated: asset }]
  return pipes.map((pipe) => ({ pipe, dated: hasDates(asset) ? asset : pipe }))
}
