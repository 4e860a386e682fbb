import { command, commandSaying } from './command.ts'
import { bool, instant, optional, own, text } from './field.ts'

/** More time, and the second value of a limit. */
export const EXTENSION = {
  request_extension: commandSaying<{
    extensionId: string
    /** What was left of the headline clock, ms. */
    remainingMs: number
  }>()({
    by: 'officer',
    title: { zh: '延时申请', en: 'Request extension' },
    event: { zh: '申请延时', en: 'extension requested' },
    fields: { reason: text('理由', 'Reason'), dueAt: instant('申请延至', 'Extend to') },
  }),
  answer_extension: commandSaying<{
    /** The person also holds the confirming role: one step. */
    confirms?: boolean
  }>()({
    by: 'desk',
    title: { zh: '答复延时', en: 'Answer extension' },
    event: { zh: '答复延时', en: 'extension answered' },
    fields: {
      extensionId: own('延时申请', 'Extension'),
      approve: bool('批准延时吗', 'Approve?'),
      reason: optional(text('理由', 'Reason')),
    },
  }),
  confirm_extension: command({
    by: 'desk',
    title: { zh: '批准延时', en: 'Confirm extension' },
    event: { zh: '延时生效', en: 'extension in force' },
    fields: { extensionId: own('延时申请', 'Extension') },
  }),
  state_hindrance: command({
    by: 'officer',
    title: { zh: '申报条件受限', en: 'Report an obstacle' },
    event: { zh: '申报条件受限', en: 'obstacle reported' },
    fields: { reason: text('条件受限的理由', 'What prevents it') },
  }),
} as const
