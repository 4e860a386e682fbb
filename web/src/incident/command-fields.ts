import type { TicketView } from '#contract/ticket.ts'
import type { CommandName, TicketKind } from '#contract/vocabulary.ts'
import { parseLocal } from '../i18n/time.ts'
import type { FieldLabel, OptionLabel } from '../i18n/zh-forms.ts'

export interface CommandField {
  /** Name in the command's body. */
  readonly name: string
  readonly label: FieldLabel
  readonly kind:
    | 'text'
    | 'longText'
    | 'minutes'
    | 'instant'
    | 'yesNo'
    | 'tick'
    | 'choice'
    | 'measures'
    | 'scene'
    | 'people'
    | 'department'
    | 'ticketKind'
    | 'level'
    | 'call'
    | 'extension'
    | 'files'
  readonly required: boolean
  readonly options?: readonly OptionLabel[]
  /** Clause that makes it mandatory, shown beside the field. */
  readonly clause?: string
}

const must = (name: string, kind: CommandField['kind'], more: Partial<CommandField> = {}): CommandField => ({
  name,
  label: name as FieldLabel,
  kind,
  required: true,
  ...more,
})
const may = (name: string, kind: CommandField['kind'], more: Partial<CommandField> = {}): CommandField => ({
  ...must(name, kind, more),
  required: false,
})

const ON_SITE_KINDS: readonly TicketKind[] = ['cover', 'well_vent', 'primary_leak']

function safetyFields(kind: TicketKind): readonly CommandField[] {
  const barrier =
    kind === 'primary_leak'
      ? [
          must('barrier', 'tick', { clause: '第八条3(4)' }),
          must('cordon', 'tick', { clause: '第八条3(4)' }),
          must('reportedToServiceAt', 'instant', { clause: '第八条3(4)' }),
        ]
      : []
  const none = ON_SITE_KINDS.includes(kind) ? [] : [may('noneReason', 'text')]
  return [...barrier, must('measures', 'measures', { clause: '第八条3(1)' }), ...none]
}

/** What a command asks for (policy.md §6); an empty list is sent at one press. */
export function commandFields(command: CommandName, ticket: TicketView): readonly CommandField[] {
  switch (command) {
    case 'answer':
      return [must('text', 'longText', { label: 'answerText' })]
    case 'dispatch':
      return [
        may('departmentId', 'department'),
        must('channel', 'choice', { options: ['system', 'phone'] }),
        may('callee', 'text', { clause: '第六条2' }),
        may('answered', 'yesNo', { clause: '第六条2' }),
        may('reason', 'text', { label: 'dispatchReason' }),
      ]
    case 'reject':
    case 'reopen':
      return [must('reason', 'longText')]
    case 'assign':
      return [must('crewIds', 'people')]
    case 'arrive':
      return [
        must('scene', 'scene', { clause: '第八条3(1)' }),
        must('heatAffected', 'yesNo', { clause: '第八条3(1)' }),
        may('affected', 'text'),
        must('expectedMinutes', 'minutes', { clause: '第八条3(1)' }),
      ]
    case 'safety':
      return safetyFields(ticket.kind)
    case 'plan':
      return [must('text', 'longText', { label: 'planText' }), must('confirmedBy', 'text')]
    case 'repair':
      return [must('text', 'longText', { label: 'repairText' }), may('attachmentIds', 'files')]
    case 'restore':
      return [
        ...(ticket.kind === 'hes_secondary'
          ? [must('faultClearedAt', 'instant', { clause: '第八条3(3)' })]
          : []),
        must('heatRestoredAt', 'instant'),
        must('result', 'longText'),
      ]
    case 'contact':
      return [must('reached', 'yesNo'), must('note', 'longText'), may('appointmentAt', 'instant')]
    case 'contact_facility':
      return [
        must('callee', 'text', { clause: '第八条3(3)' }),
        must('note', 'longText'),
        must('scene', 'scene', { clause: '第八条3(3)' }),
        must('heatAffected', 'yesNo'),
        must('expectedMinutes', 'minutes'),
      ]
    case 'submit':
      return [
        must('result', 'longText', { clause: '第三条5' }),
        must('finalKind', 'ticketKind'),
        must('outcome', 'choice', { options: ['done', 'explained_unresolved'] }),
        may('attachmentIds', 'files'),
      ]
    case 'unfounded':
      return [must('surveyAt', 'instant'), must('evidenceIds', 'files'), must('informed', 'text')]
    case 'review':
      return [
        must('pass', 'yesNo'),
        may('reason', 'choice', {
          label: 'returnReason',
          options: ['not_detailed', 'not_in_norm', 'wrong_category', 'other'],
          clause: '第三条6',
        }),
        may('text', 'longText', { label: 'reviewText' }),
        may('seenAbnormal', 'tick'),
      ]
    case 'callback':
      return [
        must('callId', 'call'),
        must('reached', 'yesNo'),
        may('satisfied', 'yesNo', { clause: '第三条7' }),
        may('qualityRating', 'choice', { options: ['1', '2', '3', '4', '5'] }),
        may('opinion', 'longText'),
        may('suggestion', 'text'),
      ]
    case 'request_extension':
      return [must('reason', 'longText'), must('dueAt', 'instant')]
    case 'answer_extension':
      return [must('extensionId', 'extension'), must('approve', 'yesNo'), may('reason', 'text')]
    case 'confirm_extension':
      return [must('extensionId', 'extension')]
    case 'remind':
      return [must('note', 'longText', { label: 'remindNote' })]
    case 'raise_level':
      return [must('level', 'level'), must('reason', 'text')]
    case 'note':
      return [must('text', 'longText', { label: 'noteText' })]
    default:
      return []
  }
}

/** Commands that say when something was done; others happen as they are entered. */
const DATED: readonly CommandName[] = [
  'dispatch',
  'accept',
  'assign',
  'depart',
  'arrive',
  'safety',
  'plan',
  'repair',
  'contact',
  'contact_facility',
  'submit',
  'unfounded',
]

export function isDated(command: CommandName): boolean {
  return DATED.includes(command)
}

/** Times that lie ahead: a promise to the caller, a new due time. Every other time has happened. */
export function isAhead(name: string): boolean {
  return name === 'dueAt' || name === 'appointmentAt'
}

/** The mandatory fields without a value, in the order of the form. */
export function missingFields(
  fields: readonly CommandField[],
  values: Readonly<Record<string, unknown>>,
  now = 0,
): readonly CommandField[] {
  return fields.filter((field) => {
    if (field.kind === 'instant' && isUnreadable(values[field.name], now)) return true
    if (field.name === 'measures' && typeof values['noneReason'] === 'string') {
      return values['noneReason'] === '' && isEmpty(values[field.name])
    }
    return (
      field.required &&
      (isEmpty(values[field.name]) || (field.kind === 'tick' && values[field.name] !== true))
    )
  })
}

/** Typed as a time, and not one. */
function isUnreadable(value: unknown, now: number): boolean {
  return typeof value === 'string' && value.trim() !== '' && parseLocal(value, now) === undefined
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  return Array.isArray(value) && value.length === 0
}
