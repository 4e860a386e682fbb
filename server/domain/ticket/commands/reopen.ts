import { inHandling, newHandling, withFlag } from '../change.ts'
import type { Command } from '../command.ts'
import { handlingOf } from '../ticket.ts'

/** A second handling of the same limit (第三条7); the first one's result stays. */
export const reopen: Command<'reopen'> = {
  roles: ['dispatcher'],
  states: ['callback_due', 'archived'],
  apply(ticket, { occurredAt }) {
    const { closedAt = occurredAt } = handlingOf(ticket)
    const closed = inHandling(ticket, { closedAt })
    const handlings = [...closed.handlings, newHandling(occurredAt)]
    return { ...closed, handlings, crewIds: [], state: 'under_review', flags: withFlag(ticket, 'reopened') }
  },
  follows(ticket) {
    const handling = handlingOf(ticket)
    return handling.closedAt ?? handling.submissions.at(-1)?.reviewedAt
  },
}
