import type { NetworkLevel } from '#contract/vocabulary.ts'
import { isPipeAsset, pipesOfPoint } from './assets.ts'
import type { Asset, Network, PipeAsset } from './network.ts'

/**
 * The network that an asset belongs to. A well or valve takes that of its pipes; one shared by both is
 * primary, also when only its own record says primary. A station is primary (A8).
 */
export function levelOf(network: Network, asset: Asset): NetworkLevel {
  if (isPipeAsset(asset)) return asset.network
  if (asset.kind === 'station') return 'primary'
  const levels = pipesOfPoint(network, asset.id).map((pipe) => pipe.network)
  return asset.network === 'primary' || levels.includes('primary') ? 'primary' : 'secondary'
}

/**
 * The primary pipes whose class and dates an asset takes: a pipe its own, a well that names its pipe
 * only that one, any other point all that end there.
 */
export function primaryPipesOf(network: Network, asset: Asset): readonly PipeAsset[] {
  if (isPipeAsset(asset)) return asset.network === 'primary' ? [asset] : []
  const named =
    asset.kind === 'well' && asset.onPipe !== undefined ? network.pipes.get(asset.onPipe) : undefined
  if (named?.network === 'primary') return [named]
  return pipesOfPoint(network, asset.id).filter((pipe) => pipe.network === 'primary')
}
