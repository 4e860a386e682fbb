import type { Command } from '../command.ts'
import { missingFields } from '../fields.ts'
import { noAttachment } from '../form.ts'
import { followsReply, replied, repliedWith } from '../reply.ts'
import { AT_WORK } from '../state-groups.ts'
import { handlingOf } from '../ticket.ts'

/** 无效报险 (第四条A): arrival and the evidence of the survey are enough. */
export const unfounded: Command<'unfounded'> = {
  states: AT_WORK,
  prevents({ ticket, rules: { policy } }) {
    const needsVisit = policy.kinds[ticket.kind].onSite !== 'none'
    if (!needsVisit || handlingOf(ticket).arrivedAt !== undefined) return undefined
    return missingFields(['arrivedAt'], policy.clauses.unfounded)
  },
  decide: (filled) =>
    noAttachment(filled.fields.evidenceIds, filled.facts, filled.rules.policy.clauses.unfounded) ?? {
      ...filled.fields,
      ...repliedWith(filled),
    },
  apply: (ticket, event) => replied(ticket, event, { outcome: 'unfounded', finalKind: ticket.kind }),
  dated: true,
  follows: followsReply,
  takes: true,
  keepsAppointment: true,
  correctable: true,
}
