import { refuse } from '#contract/problem.ts'
import type { Command } from '../command.ts'
import { extensionChoices, findExtension, inExtension, isAgreed, notOwnExtension } from '../extensions.ts'
import { OPEN } from '../state-groups.ts'

/** 客服中心 approves: effective at once, never backwards (第八条2). */
export const confirmExtension: Command<'confirm_extension'> = {
  roles: ['service'],
  states: OPEN,
  awaited: () => true,
  forbids: notOwnExtension,
  form: (of) => ({ extensionId: extensionChoices(of, isAgreed) }),
  decide({ ticket, fields, rules: { policy } }) {
    const cited = { clause: policy.clauses.confirm_extension }
    const extension = findExtension(ticket, fields.extensionId)
    if (extension === undefined)
      return refuse('bad-value', { zh: '没有这个延时申请', en: 'there is no such extension' }, cited)
    if (extension.approved !== true) {
      return refuse(
        'wrong-state',
        { zh: '调度中心尚未同意这个延时申请', en: 'dispatch has not agreed to this extension yet' },
        cited,
      )
    }
    return isAgreed(extension)
      ? fields
      : refuse('wrong-state', { zh: '这个延时已生效', en: 'this extension is in force already' }, cited)
  },
  apply: (ticket, { data, enteredAt }) => inExtension(ticket, data.extensionId, { effectiveAt: enteredAt }),
}
