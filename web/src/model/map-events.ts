import type { Position } from '#contract/identity.ts'
import type { DueRow } from './due-list.ts'
import type { NetworkIndex } from './network-index.ts'

export interface MapEvent {
  readonly row: DueRow
  readonly position: Position
}

/** Where a row stands: its own place, its facility's, or its incident's. Undefined: not located. */
export function positionOf({ ticket, incident }: DueRow, index: NetworkIndex): Position | undefined {
  const asset = ticket.assetId === undefined ? undefined : index.assets.get(ticket.assetId)
  if (asset !== undefined) return asset.position
  if (ticket.position !== undefined) return ticket.position
  if (incident?.location.position !== undefined) return incident.location.position
  const first = incident?.location.candidates[0] ?? incident?.assetIds.map((assetId) => ({ assetId }))[0]
  return first === undefined ? undefined : index.assets.get(first.assetId)?.position
}

/** The rows that have a place, most urgent first, so that clusters form around what is urgent. */
export function mapEvents(rows: readonly DueRow[], index: NetworkIndex): readonly MapEvent[] {
  return rows.flatMap((row) => {
    const position = positionOf(row, index)
    return position === undefined ? [] : [{ row, position }]
  })
}

/** What the map should keep in view for one event: its place, its candidates, its callers. */
export function placesOf(row: DueRow, index: NetworkIndex): readonly Position[] {
  const own = positionOf(row, index)
  const places: Position[] = own === undefined ? [] : [own]
  for (const { assetId } of row.incident?.location.candidates ?? []) {
    const asset = index.assets.get(assetId)
    if (asset !== undefined) places.push(asset.position)
  }
  return places
}
