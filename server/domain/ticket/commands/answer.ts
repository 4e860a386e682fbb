import { refuse } from '#contract/problem.ts'
import { inHandling, withFlag } from '../change.ts'
import type { Command } from '../command.ts'

/** Answered at once and closed (第三条2). An emergency is never talked away by the desk alone. */
export const answer: Command<'answer'> = {
  roles: ['operator', 'dispatcher'],
  states: ['under_review'],
  prevents({ ticket, actor, rules: { policy } }) {
    if (!policy.kinds[ticket.kind].emergency || actor.roles.includes('dispatcher')) return undefined
    return refuse(
      'guard-refused',
      {
        zh: '险情、报修不能直接答复办结,须由调度中心判定',
        en: 'emergencies and repairs are not closed by an answer; dispatch decides on them',
      },
      { clause: policy.clauses.routing },
    )
  },
  apply: (ticket, { occurredAt }) => ({
    ...inHandling(ticket, { answeredAt: occurredAt, closedAt: occurredAt }),
    state: 'archived',
    flags: withFlag(ticket, 'answered_directly'),
  }),
}
