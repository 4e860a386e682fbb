import { inStint, onward } from '../change.ts'
import { isVisited } from '../clock.ts'
import type { Command } from '../command.ts'
import { handlingOf } from '../ticket.ts'

export const depart: Command<'depart'> = {
  states: ['accepted', 'assigned', 'returned'],
  step: isVisited,
  apply(ticket, { occurredAt }) {
    // Who drives off has the job: passing to the crew cannot be later than that.
    const { assignedAt = occurredAt } = handlingOf(ticket).stints.at(-1) ?? {}
    return onward(inStint(ticket, { assignedAt }), 'en_route')
  },
  dated: true,
  takes: true,
  correctable: true,
  carries: () => true,
}
