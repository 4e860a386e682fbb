import type { Position } from '#contract/identity.ts'
import { distanceM } from '../geometry.ts'
import type { DraftFeature } from './converted.ts'
import type { Finding, SourceGeometry, SourceLayer } from './source-layer.ts'

/** Neighbouring zones of 3° are 250 km apart in the north of China. */
const FAR_KM = 150

/** Layers that lie far from the network that stands, or from the largest layer: mostly the wrong zone. */
export function farLayers(
  drafts: readonly DraftFeature[],
  layers: readonly SourceLayer[],
  near: Position | undefined,
): readonly Finding[] {
  const places = new Map<number, Position[]>()
  for (const { geometry, origin } of drafts) {
    const place = firstOf(geometry)
    if (place === undefined) continue
    const known = places.get(origin[0])
    if (known === undefined) places.set(origin[0], [place])
    else known.push(place)
  }
  const middles = [...places].map(([i, all]) => ({ i, at: middleOf(all), count: all.length }))
  const home = near ?? middles.toSorted((a, b) => b.count - a.count)[0]?.at
  if (home === undefined) return []
  return middles.flatMap(({ i, at }): Finding[] => {
    const km = Math.round(distanceM(home, at) / 1000)
    const layer = layers[i]
    if (km < FAR_KM || layer === undefined || !at.every(Number.isFinite)) return []
    const meridian = Math.round(home[0] / 3) * 3
    const [zh, en] =
      near === undefined ? ['其他图层', 'the other layers'] : ['现有管网', 'the network that stands']
    return [
      {
        message: {
          zh: `整个图层离${zh} ${km} 公里: 像是坐标系或分带错了(那里在 ${home[0].toFixed(2)}°E,三度带的中央子午线是 ${meridian}°E)`,
          en: `the whole layer lies ${km} km from ${en}: probably the wrong system or zone (it is at ${home[0].toFixed(2)}°E, in the 3° zone of ${meridian}°E)`,
        },
        file: layer.file,
        layer: layer.layer,
        at,
      },
    ]
  })
}

function firstOf(geometry: SourceGeometry | undefined): Position | undefined {
  if (geometry === undefined) return undefined
  if (geometry.type === 'point') return geometry.at
  return geometry.type === 'line' ? geometry.lines[0]?.[0] : geometry.polygons[0]?.[0]?.[0]
}

function middleOf(places: readonly Position[]): Position {
  const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
  return [median(places.map(([lon]) => lon)), median(places.map(([, lat]) => lat))]
}
