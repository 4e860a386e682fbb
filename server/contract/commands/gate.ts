import type { RoutingRule } from '../vocabulary.ts'
import { command, commandSaying } from './command.ts'
import { bool, choice, department, line, optional, text } from './field.ts'

/** What the dispatch centre does with a ticket before it goes out, and who sends it back there. */
export const GATE = {
  dispatch: commandSaying<{
    departmentId: string
    departmentName: string
    rule: RoutingRule
    why: string
    /** Missing where a person gave the reason. */
    whyEn?: string
  }>()({
    by: 'desk',
    title: { zh: '派单', en: 'Dispatch' },
    event: { zh: '派单', en: 'dispatched' },
    fields: {
      departmentId: optional(department('派往部门', 'Department')),
      channel: choice(
        '派单方式',
        'Channel',
        [
          { value: 'system', title: { zh: '系统派单', en: 'By system' } },
          { value: 'phone', title: { zh: '电话通知', en: 'By telephone' } },
        ],
        'system',
      ),
      callee: optional(line('接听人', 'Who answered')),
      answered: optional(bool('已接听', 'Answered')),
      reason: optional(text('改派理由', 'Reason for another department')),
    },
  }),
  answer: command({
    by: 'desk',
    title: { zh: '直接答复', en: 'Answer now' },
    event: { zh: '已直接答复', en: 'answered at once' },
    fields: { text: text('答复内容', 'Answer') },
  }),
  approve: command({
    by: 'desk',
    title: { zh: '后台审核', en: 'Approve' },
    event: { zh: '后台审核通过', en: 'approved' },
    fields: {},
  }),
  reject: command({
    by: 'officer',
    title: { zh: '退回改派', en: 'Reject' },
    event: { zh: '退回改派', en: 'rejected' },
    fields: { reason: text('理由', 'Reason') },
  }),
} as const
