import { refuse } from '#contract/problem.ts'
import type { Command } from '../command.ts'
import { extensionChoices, findExtension, inExtension, notOwnExtension } from '../extensions.ts'
import { OPEN } from '../state-groups.ts'

/** 调度中心 answers; who also speaks for 客服中心 approves in the same step (第八条2). */
export const answerExtension: Command<'answer_extension'> = {
  roles: ['dispatcher'],
  states: OPEN,
  awaited: () => true,
  forbids: notOwnExtension,
  form: (of) => ({ extensionId: extensionChoices(of, ({ answeredAt }) => answeredAt === undefined) }),
  decide({ ticket, fields, actor, rules: { policy } }) {
    const cited = { clause: policy.clauses.answer_extension }
    const extension = findExtension(ticket, fields.extensionId)
    if (extension === undefined)
      return refuse('bad-value', { zh: '没有这个延时申请', en: 'there is no such extension' }, cited)
    if (extension.answeredAt !== undefined)
      return refuse(
        'wrong-state',
        { zh: '这个延时申请已答复', en: 'this extension has been answered' },
        cited,
      )
    const confirms = fields.approve && actor.roles.includes('service')
    return { ...fields, ...(confirms ? { confirms } : {}) }
  },
  apply(ticket, { data, occurredAt, enteredAt, actor }) {
    const { extensionId, approve, confirms } = data
    // An approval counts only from the instant at which it stands in the system.
    const effective = approve && confirms === true ? { effectiveAt: enteredAt } : {}
    const answer = { answeredAt: occurredAt, answeredBy: actor.id, approved: approve }
    return inExtension(ticket, extensionId, { ...answer, ...effective })
  },
  follows: (ticket, { extensionId }) => findExtension(ticket, extensionId)?.requestedAt,
}
