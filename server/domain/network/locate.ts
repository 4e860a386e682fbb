import Flatbush from 'flatbush'
import type { AssetKind } from '#contract/vocabulary.ts'
import type { Position } from '#contract/identity.ts'
import { isPipeAsset, oncePerNetwork } from './assets.ts'
import { distanceM, placeOnLine } from './geometry.ts'
import type { Asset, Network } from './network.ts'

export interface Near {
  readonly asset: Asset
  /** Great-circle metres, to the nearest place of a pipe. */
  readonly distanceM: number
}

const FIRST_RADIUS_M = 100
/** Half the Earth: nothing lies farther. */
const FARTHEST_M = 20_100_000
const M_PER_DEGREE = 111_000

const indexOf = oncePerNetwork((network) => {
  const assets: readonly Asset[] = [...network.points.values(), ...network.pipes.values()]
  const index = new Flatbush(Math.max(1, assets.length))
  for (const asset of assets) {
    const places = isPipeAsset(asset) ? asset.line : [asset.position]
    const [lons, lats] = [places.map(([lon]) => lon), places.map(([, lat]) => lat)]
    index.add(Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats))
  }
  if (assets.length === 0) index.add(0, 0, 0, 0)
  index.finish()
  return { assets, index }
})

/**
 * Assets nearest to a position, nearest first; equal distances by id.
 * @param options.withinM inclusive; without it the whole network counts
 */
export function nearest(
  network: Network,
  position: Position,
  options: {
    kinds?: readonly AssetKind[]
    limit?: number
    withinM?: number
    accept?: (a: Asset) => boolean
  } = {},
): readonly Near[] {
  const { limit = 1, withinM = FARTHEST_M, kinds, accept } = options
  const wanted = (asset: Asset) => (kinds?.includes(asset.kind) ?? true) && (accept?.(asset) ?? true)
  for (let radius = Math.min(FIRST_RADIUS_M, withinM); ; radius = Math.min(radius * 4, withinM)) {
    const found = within(network, position, radius, wanted)
    if (found.length >= limit || radius >= withinM) return found.slice(0, limit)
  }
}

/** Metres from a position to an asset, to the nearest place of a pipe. */
export function distanceToAsset(asset: Asset, position: Position): number {
  return isPipeAsset(asset)
    ? placeOnLine(asset.line, position).distanceM
    : distanceM(asset.position, position)
}

function within(
  network: Network,
  position: Position,
  radiusM: number,
  wanted: (a: Asset) => boolean,
): Near[] {
  const { assets, index } = indexOf(network)
  const [lon, lat] = position
  const dLat = (radiusM * 1.01) / M_PER_DEGREE
  const shrink = Math.cos((Math.min(Math.abs(lat) + dLat, 89.9) * Math.PI) / 180)
  const dLon = dLat / shrink
  const box = [lon - dLon, lat - dLat, lon + dLon, lat + dLat] as const
  return index
    .search(...box)
    .flatMap((i) => assets[i] ?? [])
    .filter(wanted)
    .map((asset) => ({ asset, distanceM: distanceToAsset(asset, position) }))
    .filter((near) => near.distanceM <= radiusM)
    .sort((a, b) => a.distanceM - b.distanceM || (a.asset.id < b.asset.id ? -1 : 1))
}
