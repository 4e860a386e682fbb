import type { TicketView } from '#contract/ticket.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import type { TicketKind } from '#contract/vocabulary.ts'
import { may, must, type CommandField, type Values } from './command-field.ts'

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

const byPhone = ({ channel }: Values): boolean => channel === 'phone'
const isReached = ({ reached }: Values): boolean => reached === true
const isPassed = ({ pass }: Values): boolean => pass === true
const isReturned = ({ pass }: Values): boolean => pass === false

/** A sensor still contradicted the reply when it came: the reviewer must have seen that (G2). */
function isAbnormal({ events }: TicketView): boolean {
  const slip = events.findLast(({ type }) => type === 'submit' || type === 'unfounded')
  return slip?.data['sensorAbnormal'] === true
}

/** Another category (A35), and from when its clocks run: the facts were known at intake, or came later. */
function categoryFields({ kind }: TicketView): readonly CommandField[] {
  const mayChange = ({ pass, reason }: Values): boolean => pass === true || reason === 'wrong_category'
  const changes = (values: Values): boolean =>
    mayChange(values) && values['kind'] !== undefined && values['kind'] !== kind
  return [
    may('kind', 'ticketKind', { label: 'otherKind', when: mayChange, clause: '第三条6' }),
    may('clocksFrom', 'choice', { options: ['received', 'reported'], when: changes }),
    may('reportedAt', 'instant', {
      when: (values) => changes(values) && values['clocksFrom'] === 'reported',
    }),
  ]
}

/** What a command asks for; an empty list is sent at one press. */
export function commandFields(command: CommandName, ticket: TicketView): readonly CommandField[] {
  switch (command) {
    case 'answer':
      return [must('text', 'longText', { label: 'answerText' })]
    case 'dispatch':
      return [
        may('departmentId', 'department'),
        must('channel', 'choice', { options: ['system', 'phone'] }),
        must('callee', 'text', { clause: '第六条2', when: byPhone }),
        must('answered', 'yesNo', { clause: '第六条2', when: byPhone }),
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
        may('position', 'position'),
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
      return [
        must('reached', 'yesNo'),
        must('note', 'longText'),
        may('appointmentAt', 'instant', { when: isReached }),
      ]
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
        must('pass', 'yesNo', { clause: '第三条6' }),
        must('reason', 'choice', {
          label: 'returnReason',
          options: ['not_detailed', 'not_in_norm', 'wrong_category', 'other'],
          clause: '第三条6',
          when: isReturned,
        }),
        may('text', 'longText', { label: 'reviewText', needed: ({ reason }) => reason === 'other' }),
        ...(isAbnormal(ticket) ? [must('seenAbnormal', 'tick', { when: isPassed })] : []),
        ...categoryFields(ticket),
      ]
    case 'callback':
      return [
        must('callId', 'call'),
        must('reached', 'yesNo'),
        must('satisfied', 'yesNo', { clause: '第三条7', when: isReached }),
        must('qualityRating', 'choice', { options: ['1', '2', '3', '4', '5'], when: isReached }),
        may('opinion', 'longText'),
        may('suggestion', 'text', { when: isReached }),
      ]
    case 'request_extension':
      return [must('reason', 'longText'), must('dueAt', 'instant')]
    case 'answer_extension':
      return [must('extensionId', 'extension'), must('approve', 'yesNo'), may('reason', 'text')]
    case 'confirm_extension':
      return [must('extensionId', 'extension')]
    case 'state_hindrance':
      return [must('reason', 'longText', { label: 'hindrance' })]
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
