import type { IncidentView } from '#contract/incident.ts'
import type { TicketView } from '#contract/ticket.ts'

export interface Names {
  name(assetId: string): string
  /** Somewhere about a facility, where nobody knows better yet. */
  near(name: string): string
}

/** Where a ticket is, as a dispatcher would say it: the facility, the caller's address, else what is likeliest. */
export function placeName(
  ticket: Pick<TicketView, 'assetId' | 'address' | 'number'>,
  incident: Pick<IncidentView, 'location'> | undefined,
  names: Names,
): string {
  const asset = ticket.assetId === undefined ? undefined : names.name(ticket.assetId)
  if (asset !== undefined) {
    return ticket.address === undefined || ticket.address.includes(asset)
      ? asset
      : `${asset} ${ticket.address}`
  }
  if (ticket.address !== undefined) return ticket.address
  const likeliest = incident?.location.candidates[0]
  return likeliest === undefined ? ticket.number : names.near(names.name(likeliest.assetId))
}

/** The same in two lines: the facility's short name, else the number, beside the kind, the street below it. */
export function placeLines(
  ticket: Pick<TicketView, 'assetId' | 'address' | 'number'>,
  incident: Pick<IncidentView, 'location'> | undefined,
  names: Names & { address(assetId: string): string | undefined },
): { readonly name: string | undefined; readonly address: string | undefined } {
  const likeliest = incident?.location.candidates[0]?.assetId
  if (ticket.assetId !== undefined)
    return { name: names.name(ticket.assetId), address: ticket.address ?? names.address(ticket.assetId) }
  if (ticket.address !== undefined) return { name: undefined, address: ticket.address }
  if (likeliest === undefined) return { name: ticket.number, address: undefined }
  return { name: names.near(names.name(likeliest)), address: names.address(likeliest) }
}
