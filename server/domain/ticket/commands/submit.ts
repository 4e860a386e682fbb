import { TICKET_COMMANDS } from '#contract/commands/commands.ts'
import { refuse } from '#contract/problem.ts'
import type { Command } from '../command.ts'
import { missingFields } from '../fields.ts'
import { noAttachment } from '../form.ts'
import { followsReply, replied, repliedWith } from '../reply.ts'
import { AT_WORK } from '../state-groups.ts'
import { unrepaired, unseen } from '../undone.ts'

const OUTCOMES = TICKET_COMMANDS.submit.fields.outcome.choices ?? []

/** The unit's reply (第三条5): nothing is closed that was not visited, secured and reported. */
export const submit: Command<'submit'> = {
  states: AT_WORK,
  step: () => true,
  prevents: ({ ticket, rules }) => unseen(ticket, rules.policy),
  form({ ticket, onBehalf, facts, ahead, rules: { policy } }) {
    const isDone = ahead === true || unrepaired(ticket, policy).length === 0
    const { mayStayUnresolved } = policy.kinds[ticket.kind]
    const clause = policy.clauses.submit
    return {
      result: { clause },
      finalKind: { start: ticket.kind },
      outcome: {
        choices: OUTCOMES.filter(({ value }) => (value === 'done' ? isDone : mayStayUnresolved)),
        ...(isDone ? { start: 'done' } : {}),
      },
      // What the desk enters for a unit without the system is that unit's letter, which goes with it.
      attachmentIds: onBehalf && facts.writesByHand ? { required: true, clause } : {},
    }
  },
  decide(filled) {
    const { ticket, fields, facts, rules } = filled
    const kind = rules.policy.kinds[ticket.kind]
    if (fields.outcome === 'explained_unresolved' && !kind.mayStayUnresolved) {
      return refuse(
        'guard-refused',
        {
          zh: `${kind.name.zh}危及公共安全,不能以解释办结`,
          en: `${kind.name.en} endangers the public and is not closed by an explanation`,
        },
        { clause: kind.clause },
      )
    }
    const undone = fields.outcome === 'done' ? unrepaired(ticket, rules.policy) : []
    if (undone.length > 0) return missingFields(undone, kind.clause)
    return noAttachment(fields.attachmentIds, facts) ?? { ...fields, ...repliedWith(filled) }
  },
  apply: (ticket, event) => replied(ticket, event, event.data),
  dated: true,
  follows: followsReply,
  takes: true,
  keepsAppointment: true,
  correctable: true,
}
