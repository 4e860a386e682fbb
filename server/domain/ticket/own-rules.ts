import type { Rules } from './clock.ts'
import type { Ticket } from './ticket.ts'

/**
 * The rules that a ticket lives by: the edition of the policy that it was opened under. A pack that comes
 * into force later moves no deadline of an open ticket. Without a known edition, the pack in force.
 */
export function rulesOf({ edition }: Pick<Ticket, 'edition'>, rules: Rules): Rules {
  if (edition === undefined || edition === rules.edition) return rules
  return rules.older?.get(edition) ?? rules
}
