import { TICKET_KINDS, type Level } from '../vocabulary.ts'
import { command, commandSaying } from './command.ts'
import { bool, choice, files, instant, line, oneOf, optional, own, text } from './field.ts'

export const RETURN_REASONS = ['not_detailed', 'not_in_norm', 'wrong_category', 'other'] as const
export type ReturnReason = (typeof RETURN_REASONS)[number]

/** What a reply says of itself beside its fields. */
export interface Replied {
  /** A finding about this very defect stood when it came. */
  readonly sensorAbnormal?: boolean
  /** A reply on paper arrives when the hotline has it, whenever the work was done. */
  readonly written?: boolean
}

/** The unit's reply, its review and what the callers say of it. */
export const CLOSING = {
  submit: commandSaying<Replied>()({
    by: 'crew',
    title: { zh: '办结回单', en: 'Submit' },
    event: { zh: '办结回单', en: 'submitted' },
    step: { zh: '回单', en: 'report' },
    fields: {
      result: text('处理结果', 'Result'),
      finalKind: oneOf('最终类别', 'Final kind', TICKET_KINDS),
      outcome: choice('结果', 'Outcome', [
        { value: 'done', title: { zh: '已办结', en: 'Done' } },
        {
          value: 'explained_unresolved',
          title: { zh: '已解释，暂不能解决', en: 'Explained, not solvable now' },
        },
      ]),
      attachmentIds: optional(files('照片', 'Photos', { max: 100 })),
    },
  }),
  unfounded: commandSaying<Replied>()({
    by: 'crew',
    title: { zh: '无效报险', en: 'Unfounded' },
    event: { zh: '报无效报险', en: 'reported unfounded' },
    fields: {
      surveyAt: instant('勘查时间', 'Surveyed', { past: true, late: false, start: 'now' }),
      evidenceIds: files('勘查证据', 'Survey evidence', { min: 1, max: 100 }),
      informed: line('已告知派单部门何人', 'Who was told in dispatch'),
    },
  }),
  review: commandSaying<{
    /** Which of how many levels of review this is; absent where there is one. */
    reviewLevel?: number
    reviewLevels?: number
    /** The level of the true category, and whence its clocks run: set together with `kind`. */
    level?: Level
    clocksFromAt?: number
  }>()({
    by: 'desk',
    title: { zh: '审核', en: 'Review' },
    event: { zh: '审核', en: 'reviewed' },
    fields: {
      pass: bool('通过审核吗', 'Passes review?'),
      reason: optional(
        choice('退回理由', 'Reason for return', [
          { value: 'not_detailed', title: { zh: '内容不详实', en: 'Not detailed' } },
          { value: 'not_in_norm', title: { zh: '不规范', en: 'Not in the norm' } },
          { value: 'wrong_category', title: { zh: '分类不准确', en: 'Wrong category' } },
          { value: 'other', title: { zh: '其他', en: 'Other' } },
        ]),
      ),
      text: optional(text('审核意见', 'Remark')),
      seenAbnormal: optional(bool('已注意到传感器仍异常', 'Seen: the sensor is still abnormal')),
      kind: optional(oneOf('类别', 'Category', TICKET_KINDS)),
      clocksFrom: optional(
        choice(
          '新时限从何起',
          'Clocks run from',
          [
            {
              value: 'received',
              title: { zh: '接报时即应判明（从接报起）', en: 'known at intake: from the report' },
            },
            { value: 'reported', title: { zh: '后来才报告（从报告起）', en: 'reported later: from then' } },
          ],
          'received',
        ),
      ),
      reportedAt: optional(instant('新情况报告时间', 'When it was reported', { past: true })),
    },
  }),
  callback: commandSaying<{
    /** Every caller has now been reached or given up on: the ticket is archived. */
    done: boolean
  }>()({
    by: 'desk',
    title: { zh: '回访', en: 'Call back' },
    event: { zh: '回访', en: 'called back' },
    fields: {
      callId: own('回访来电', 'Call'),
      reached: bool('联系上了吗', 'Reached?'),
      satisfied: optional(bool('是否满意', 'Satisfied?')),
      qualityRating: optional(
        choice('服务质量', 'Service quality', [
          { value: 1, title: { zh: '1 很差', en: '1 very bad' } },
          { value: 2, title: { zh: '2 较差', en: '2 bad' } },
          { value: 3, title: { zh: '3 一般', en: '3 fair' } },
          { value: 4, title: { zh: '4 较好', en: '4 good' } },
          { value: 5, title: { zh: '5 很好', en: '5 very good' } },
        ]),
      ),
      opinion: optional(text('意见', 'Opinion')),
      suggestion: optional(text('建议', 'Suggestion')),
    },
  }),
  reopen: command({
    by: 'desk',
    title: { zh: '重新办理', en: 'Reopen' },
    event: { zh: '重新办理', en: 'reopened' },
    fields: { reason: text('理由', 'Reason') },
  }),
} as const
