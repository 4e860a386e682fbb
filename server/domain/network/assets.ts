import type { LocalizedText } from '#contract/text.ts'
import type { AssetKind } from '#contract/vocabulary.ts'
import type { Position } from '#contract/identity.ts'
import { pointAlong } from './geometry.ts'
import type { Asset, Network, PipeAsset } from './network.ts'

/** The asset of that id, a point or a pipe. */
export function assetOf(network: Network, id: string): Asset | undefined {
  return network.points.get(id) ?? network.pipes.get(id)
}

export function isPipeAsset(asset: Asset): asset is PipeAsset {
  return asset.kind === 'pipe'
}

/** Where an asset is shown: a point's place, the middle of a pipe. [lon, lat], WGS 84. */
export function positionOf(asset: Asset): Position {
  return isPipeAsset(asset) ? pointAlong(asset.line, 0.5) : asset.position
}

const ASSET_KIND_NAMES: Readonly<Record<AssetKind, string>> = {
  source: '热源',
  station: '换热站',
  well: '热力井',
  valve: '阀门',
  pipe: '管线',
}

/** How an asset is called in a sentence: 热力井 J-019, or a name that says the kind itself, 换热站28. Its id only without a name. */
export function calledName(asset: Asset): string {
  const name = asset.name ?? asset.id
  const kind = ASSET_KIND_NAMES[asset.kind]
  return name.includes(kind) ? name : `${kind} ${name}`
}

const ENGLISH: Readonly<Record<AssetKind, string>> = {
  source: 'heat source',
  station: 'station',
  well: 'well',
  valve: 'valve',
  pipe: 'pipe',
}

/** An asset as a dispatcher calls it, in both languages. */
export function assetWords(asset: Asset): LocalizedText {
  return { zh: calledName(asset), en: `${ENGLISH[asset.kind]} ${asset.name ?? asset.id}` }
}

/** Computes once for each network object and forgets with it: a network never changes. */
export function oncePerNetwork<T>(compute: (network: Network) => T): (network: Network) => T {
  const made = new WeakMap<Network, { readonly value: T }>()
  return (network) => {
    const found = made.get(network)
    if (found !== undefined) return found.value
    const value = compute(network)
    made.set(network, { value })
    return value
  }
}

/** Wells and valves that sit on a pipe between its ends, by pipe. */
export const wellsOnPipes = oncePerNetwork((network): ReadonlyMap<string, readonly string[]> => {
  const on = new Map<string, string[]>()
  for (const point of network.points.values()) {
    if (point.kind !== 'well' || point.onPipe === undefined) continue
    on.set(point.onPipe, [...(on.get(point.onPipe) ?? []), point.id])
  }
  return on
})

/** The pipes that a point sits on or is the end of. */
export function pipesOfPoint(network: Network, pointId: string): readonly PipeAsset[] {
  const point = network.points.get(pointId)
  const ids = new Set(network.pipesAt.get(pointId))
  if (point?.kind === 'well' && point.onPipe !== undefined) ids.add(point.onPipe)
  return [...ids].flatMap((id) => network.pipes.get(id) ?? [])
}
