import type { TicketView } from '#contract/ticket.ts'

export interface Names {
  name(assetId: string): string
}

/** Where a ticket is, as a dispatcher would say it: the facility, else the address of the caller. */
export function placeName(ticket: Pick<TicketView, 'assetId' | 'address' | 'number'>, names: Names): string {
  const asset = ticket.assetId === undefined ? undefined : names.name(ticket.assetId)
  if (asset === undefined) return ticket.address ?? ticket.number
  return ticket.address === undefined || ticket.address.includes(asset) ? asset : `${asset} ${ticket.address}`
}
