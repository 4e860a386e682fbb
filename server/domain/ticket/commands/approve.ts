import { refuse } from '#contract/problem.ts'
import type { Command } from '../command.ts'
import { WITH_UNIT } from '../state-groups.ts'
import { handlingOf } from '../ticket.ts'

/** The back-office check of what went out without it (第三条2); a dispatch by hand includes it. */
export const approve: Command<'approve'> = {
  roles: ['dispatcher'],
  states: ['under_review', ...WITH_UNIT, 'submitted'],
  prevents({ ticket, rules: { policy } }) {
    const { approvedAt = -Infinity } = ticket
    if (approvedAt < handlingOf(ticket).startAt) return undefined
    return refuse(
      'wrong-state',
      { zh: '已通过后台审核', en: 'the back office has approved it already' },
      { clause: policy.clauses.approve },
    )
  },
  apply: (ticket, { occurredAt }) => ({ ...ticket, approvedAt: occurredAt }),
}
