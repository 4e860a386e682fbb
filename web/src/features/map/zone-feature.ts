import type { FeatureCollection } from 'geojson'
import type { DueRow } from '../../model/due-list.ts'
import type { NetworkIndex } from '../../model/network-index.ts'
import { zoneAround } from './zone.ts'

/** How far beyond a likely well the zone reaches. */
const REACH_M = 90

/** The zone of the chosen event's likely places, in its level's colour; nothing for an event at one well. */
export function zoneOf(row: DueRow | undefined, index: NetworkIndex, _theme: string): FeatureCollection {
  const candidates = row?.incident?.location.candidates ?? []
  if (row === undefined || candidates.length < 2) return { type: 'FeatureCollection', features: [] }
  const style = getComputedStyle(document.documentElement)
  const color = style.getPropertyValue(`--fill-${row.ticket.level}`).trim()
  const edge = style.getPropertyValue(`--level-${row.ticket.level}`).trim()
  const rings = [candidates, likelier(candidates)].map((some) =>
    zoneAround(
      some.flatMap(({ assetId }) => {
        const asset = index.assets.get(assetId)
        return asset === undefined ? [] : [asset.position]
      }),
      REACH_M,
    ),
  )
  return {
    type: 'FeatureCollection',
    features: rings
      .filter((ring) => ring.length > 0)
      .map((ring) => ({
        type: 'Feature',
        properties: { color: resolved(color, row.ticket.level, style), edge },
        geometry: { type: 'Polygon', coordinates: [ring.map(([lon, lat]) => [lon, lat])] },
      })),
  }
}

/** The fewest that are likelier together than all others: a second, denser shade. */
function likelier<T extends { readonly share: number }>(candidates: readonly T[]): readonly T[] {
  const half = candidates.reduce((sum, { share }) => sum + share, 0) / 2
  let sum = 0
  return candidates.filter(({ share }) => {
    const wanted = sum < half
    sum += share
    return wanted
  })
}

/** A fill token may point at its level token; the map's canvas needs the value itself. */
function resolved(color: string, level: string, style: CSSStyleDeclaration): string {
  return color.startsWith('var(') ? style.getPropertyValue(`--level-${level}`).trim() : color
}
