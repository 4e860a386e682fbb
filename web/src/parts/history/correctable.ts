import type { TicketEventView } from '#contract/ticket.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import type { Viewer } from '../commands/offered-commands.ts'

/** Reports of the unit; what the system wrote and what was decided stays as it is. */
const REPORTS: readonly string[] = [
  'accept',
  'assign',
  'depart',
  'arrive',
  'safety',
  'plan',
  'repair',
  'restore',
  'contact',
  'contact_facility',
  'submit',
  'unfounded',
] satisfies CommandName[]

/** One's own report may be corrected, and dispatch may correct anybody's. */
export function isCorrectable({ type, actor }: TicketEventView, viewer: Viewer): boolean {
  if (!REPORTS.includes(type)) return false
  return viewer.roles.includes('dispatcher') || (actor.kind === 'person' && actor.id === viewer.id)
}
