import type { DetectionSettings } from '../detection/core/settings.ts'
import type { Instant } from '../instant.ts'
import { stateOf } from './confidence.ts'
import type { Incident } from './incident.ts'

/** What an incident must know of its tickets. */
export interface TicketFact {
  readonly id: string
  readonly closed: boolean
}

/** An incident is over when every one of its tickets is; each ticket closes by itself. */
export function close(incident: Incident, tickets: readonly TicketFact[]): Incident {
  if (incident.state === 'closed' || incident.state === 'merged') return incident
  const all = tickets.length > 0 && tickets.every((ticket) => ticket.closed)
  return all ? { ...incident, version: incident.version + 1, state: 'closed' } : incident
}

/** A ticket was reopened, so its incident is open again. */
export function reopen(incident: Incident, settings: DetectionSettings): Incident {
  if (incident.state !== 'closed') return incident
  const state = stateOf(incident.members, 'confirmed', settings)
  return { ...incident, version: incident.version + 1, state }
}

/** The sensors' finding is taken back: a repair is only proposed by it, the tickets stay open (G2). */
export function clear(
  incident: Incident,
  findingId: string,
  at: Instant,
  settings: DetectionSettings,
): Incident {
  const known = incident.members.find((member) => member.id === findingId)
  if (known === undefined || known.clearedAt !== undefined) return incident
  const members = incident.members.map((member) =>
    member.id === findingId ? { ...member, clearedAt: at } : member,
  )
  const state = stateOf(members, incident.state, settings)
  return { ...incident, version: incident.version + 1, members, state }
}
