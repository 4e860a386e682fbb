import { inHandling, onward } from '../change.ts'
import type { Command } from '../command.ts'
import type { PolicyPack } from '../../policy/policy-pack.ts'
import { handlingOf, type Ticket } from '../ticket.ts'

/** The repair plan, where the limit to repair runs from it (第八条3(4)). */
export const plan: Command<'plan'> = {
  states: (ticket, policy) =>
    isPlanned(ticket, policy) ? ['arrived', 'safety_set', 'plan_confirmed', 'returned'] : [],
  step: isPlanned,
  apply(ticket, { occurredAt }) {
    const { planAt = occurredAt } = handlingOf(ticket)
    return onward(inHandling(ticket, { planAt }), 'plan_confirmed')
  },
  dated: true,
  correctable: true,
  carries: () => true,
}

function isPlanned({ kind }: Ticket, { clocks, kinds }: PolicyPack): boolean {
  return clocks[kinds[kind].headline].start === 'plan'
}
