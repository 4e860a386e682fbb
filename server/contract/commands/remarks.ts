import { LEVELS, type Level } from '../vocabulary.ts'
import { command, commandSaying } from './command.ts'
import { oneOf, own, text } from './field.ts'

/** What is said about a ticket beside its work. */
export const REMARKS = {
  remind: command({
    by: 'desk',
    title: { zh: '催办', en: 'Remind' },
    event: { zh: '催办', en: 'reminded' },
    fields: { note: text('催办内容', 'Reminder') },
  }),
  raise_level: commandSaying<{ from: Level }>()({
    by: 'desk',
    title: { zh: '提级', en: 'Raise level' },
    event: { zh: '提级', en: 'level raised' },
    fields: { level: oneOf('提至', 'Raise to', LEVELS), reason: text('理由', 'Reason') },
  }),
  note: commandSaying<{
    /** A further caller was joined. */
    callId?: string
    /** A further call from a number that is linked already. */
    sameCallerId?: string
    receivedAt?: number
    /** The ticket now belongs to that incident. */
    incidentId?: string
    /** The caller says that it is a hot matter. */
    hot?: boolean
  }>()({
    by: 'desk',
    title: { zh: '备注', en: 'Note' },
    event: { zh: '备注', en: 'note' },
    fields: { text: text('备注', 'Note') },
  }),
  correct: commandSaying<{
    correctedAt?: number
    /** What the line says from now on. */
    fields: Readonly<Record<string, unknown>>
  }>()({
    by: 'crew',
    title: { zh: '更正', en: 'Correct' },
    event: { zh: '更正', en: 'corrected' },
    fields: { eventId: own('更正的记录', 'Entry'), reason: text('理由', 'Reason') },
  }),
} as const
