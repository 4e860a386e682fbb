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
