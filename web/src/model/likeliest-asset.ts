import type { IncidentView } from '#contract/incident.ts'
import type { TicketView } from '#contract/ticket.ts'

interface Chosen {
  readonly ticket: Pick<TicketView, 'assetId'>
  readonly incident: Pick<IncidentView, 'assetIds' | 'location'> | undefined
}

/** What would be cut off for an event: its own facility, else the likeliest place. Undefined: nobody knows. */
export function likeliestAsset(chosen: Chosen | undefined): string | undefined {
  if (chosen === undefined) return undefined
  const { ticket, incident } = chosen
  return ticket.assetId ?? incident?.location.candidates[0]?.assetId ?? incident?.assetIds[0]
}
