import { inStint, onward } from '../change.ts'
import type { Command } from '../command.ts'
import { handlingOf, stintOf } from '../ticket.ts'

/** The unit signs for the ticket (第三条3). */
export const accept: Command<'accept'> = {
  states: ['dispatched'],
  awaited: () => true,
  step: (ticket, policy) => policy.kinds[ticket.kind].onSite === 'none',
  apply(ticket, { occurredAt }) {
    const { acceptedAt = occurredAt } = handlingOf(ticket).stints.at(-1) ?? {}
    return onward(inStint(ticket, { acceptedAt }), 'accepted')
  },
  dated: true,
  correctable: true,
  carries: (into) => stintOf(handlingOf(into))?.acceptedAt === undefined,
}
