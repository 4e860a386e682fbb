import type { TicketView } from '#contract/ticket.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import { inputText } from '../../base/i18n/time.ts'
import { callBacks } from '../../model/call-backs.ts'
import type { FieldValues } from './command-run.ts'

/** What a form begins with: only what is certain, so that nobody confirms a guess unread. */
export function startValues(command: CommandName, ticket: TicketView, now: number): FieldValues {
  const open = ticket.extensions.filter((extension) => extension.effectiveAt === undefined).at(-1)
  switch (command) {
    case 'dispatch':
      return { departmentId: ticket.department?.id ?? '', channel: 'system' }
    case 'submit':
      return { finalKind: ticket.kind, outcome: 'done' }
    case 'callback':
      return { callId: callBacks(ticket)[0]?.call.id }
    case 'review':
      return { kind: repliedKind(ticket), clocksFrom: 'received' }
    case 'answer_extension':
    case 'confirm_extension':
      return { extensionId: open?.id }
    case 'restore':
      return { heatRestoredAt: inputText(now, now) }
    case 'unfounded':
      return { surveyAt: inputText(now, now) }
    case 'arrive':
      return { expectedMinutes: 120 }
    default:
      return {}
  }
}

/** The category that the unit’s reply names. */
function repliedKind({ events, kind }: TicketView): unknown {
  return events.findLast(({ type }) => type === 'submit')?.data['finalKind'] ?? kind
}
