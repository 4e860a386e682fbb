import type { FeatureCollection } from 'geojson'
import type { Position } from '#contract/identity.ts'
import type { DueRow } from '../board/due-list.ts'
import type { NetworkIndex } from './network-index.ts'
import { zoneAround } from './zone.ts'

/** How far beyond a likely well the zone reaches. */
const REACH_M = 90

/** The zone of the chosen event's likely places, in its level's colour; nothing for an event at one well. */
export function zoneOf(row: DueRow | undefined, index: NetworkIndex, _theme: string): FeatureCollection {
  const candidates = row?.incident?.location.candidates ?? []
  if (row === undefined || candidates.length < 2) return { type: 'FeatureCollection', features: [] }
  const places: Position[] = []
  for (const { assetId } of candidates) {
    const asset = index.assets.get(assetId)
    if (asset !== undefined) places.push(asset.position)
  }
  const style = getComputedStyle(document.documentElement)
  const color = style.getPropertyValue(`--fill-${row.ticket.level}`).trim()
  const edge = style.getPropertyValue(`--level-${row.ticket.level}`).trim()
  return {
    type: 'FeatureCollection',
    features: [
      {
        type: 'Feature',
        properties: { color: resolved(color, row.ticket.level, style), edge },
        geometry: {
          type: 'Polygon',
          coordinates: [zoneAround(places, REACH_M).map(([lon, lat]) => [lon, lat])],
        },
      },
    ],
  }
}

/** A fill token may point at its level token; the map's canvas needs the value itself. */
function resolved(color: string, level: string, style: CSSStyleDeclaration): string {
  return color.startsWith('var(') ? style.getPropertyValue(`--level-${level}`).trim() : color
}
