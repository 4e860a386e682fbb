import type { Feature, FeatureCollection, Point } from 'geojson'
import type { AssetState } from '#contract/live.ts'
import { sinceMs } from '../../base/i18n/time.ts'
import type { NetworkIndex } from '../../model/network-index.ts'

export interface SilentWords {
  readonly never: string
  for(ms: number): string
}

/** What is silent, each with the age of the newest that was heard there. */
export function silentLabels(
  assets: Iterable<AssetState>,
  index: NetworkIndex,
  now: number,
  words: SilentWords,
): FeatureCollection<Point, { label: string }> {
  const features: Feature<Point, { label: string }>[] = []
  for (const { id, health, devices } of assets) {
    const position = health === 'silent' ? index.assets.get(id)?.position : undefined
    if (position === undefined) continue
    const heard = devices.map(({ lastSeenAt }) => (lastSeenAt === undefined ? 0 : Date.parse(lastSeenAt)))
    const newest = Math.max(0, ...heard)
    features.push({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [...position] },
      properties: { label: newest === 0 ? words.never : words.for(sinceMs(newest, now)) },
    })
  }
  return { type: 'FeatureCollection', features }
}
