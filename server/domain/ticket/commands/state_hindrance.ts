import { refuse } from '#contract/problem.ts'
import { instantText, isPast } from '../../instant.ts'
import { inHandling } from '../change.ts'
import type { Command } from '../command.ts'
import { AT_WORK } from '../state-groups.ts'
import { handlingOf } from '../ticket.ts'

/** A limit with a second, conditional value (6 h, or 36 h where the conditions prevent it). Never backwards. */
export const stateHindrance: Command<'state_hindrance'> = {
  states: AT_WORK,
  prevents({ ticket, at, assessment, rules: { policy } }) {
    const cited = { clause: policy.clauses.state_hindrance }
    const kind = policy.kinds[ticket.kind]
    if (policy.clocks[kind.headline].secondLimit === undefined) {
      return refuse(
        'guard-refused',
        {
          zh: `制度没有为${kind.name.zh}规定第二时限`,
          en: `the policy has no second limit for ${kind.name.en}`,
        },
        cited,
      )
    }
    if (handlingOf(ticket).hinderedAt !== undefined) {
      return refuse(
        'wrong-state',
        { zh: '已申报过条件受限', en: 'the obstacle has been reported already' },
        cited,
      )
    }
    const { clock, dueAt } = assessment.headline
    if (clock.stoppedAt !== undefined)
      return refuse('guard-refused', { zh: '办结时限已停止', en: 'the limit to close has been met' }, cited)
    if (!isPast(dueAt, at)) return undefined
    return refuse(
      'guard-refused',
      {
        zh: `须在时限内申报,时限已于 ${instantText(dueAt)} 届满`,
        en: `to be reported before the limit, which ran out at ${instantText(dueAt)}`,
      },
      cited,
    )
  },
  until: ({ assessment }) => assessment.headline.dueAt,
  apply: (ticket, { enteredAt }) => inHandling(ticket, { hinderedAt: enteredAt }),
}
