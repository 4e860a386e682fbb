import { refuse, type Refusal } from '#contract/problem.ts'
import type { CommandName } from '#contract/vocabulary.ts'
import { instantText, MINUTE, parseInstant, type Instant } from '../../instant.ts'
import type { Rules } from '../clock.ts'
import { handlingOf, stintOf, type Ticket } from '../ticket.ts'
import type { Fields } from './case.ts'
import { timeName } from './words.ts'

/** Instants that people report as having happened; due dates and appointments lie ahead. */
const HAPPENED = ['surveyAt', 'faultClearedAt', 'heatRestoredAt', 'reportedToServiceAt', 'reportedAt']

/** When a command's deed happened: as said, or now. Text that is no instant is refused. */
export function readOccurredAt(text: unknown, at: Instant): Instant | Refusal {
  if (text === undefined || text === null || text === '') return at
  const said = typeof text === 'string' ? parseInstant(text) : undefined
  return (
    said ??
    refuse('bad-time', { zh: '发生时间须带时区', en: 'the time when it happened must have its offset' })
  )
}

/** Not before what it follows upon (the opening, the dispatch, the reply …); not in the future. */
export function refuseTime(
  ticket: Ticket,
  deed: { readonly command: CommandName; readonly occurredAt: Instant; readonly fields: object },
  at: Instant,
): Refusal | undefined {
  const { startAt } = handlingOf(ticket)
  const opened = Math.min(ticket.openedAt, startAt)
  const from = followsOn(ticket, deed) ?? opened
  for (const [name, when] of happened(deed)) {
    if (when > at)
      return refuse('bad-time', {
        zh: `${timeName(name).zh}在将来: ${instantText(when)}`,
        en: `${timeName(name).en} lies in the future: ${instantText(when)}`,
      })
    const floor = name === 'occurredAt' ? from : opened
    if (when < floor)
      return refuse('bad-time', {
        zh: `${timeName(name).zh}早于 ${instantText(floor)}`,
        en: `${timeName(name).en} lies before ${instantText(floor)}`,
      })
  }
  return undefined
}

/** When that happened without which the command makes no sense; undefined: nothing but the opening. */
function followsOn(
  ticket: Ticket,
  { command, fields }: { readonly command: CommandName; readonly fields: object },
): Instant | undefined {
  const handling = handlingOf(ticket)
  const reply = handling.submissions.at(-1)
  switch (command) {
    case 'dispatch':
      return handling.stints.at(-1)?.rejectedAt
    case 'review':
      return reply?.reviews?.at(-1)?.at ?? reply?.at
    case 'callback':
      return reply?.reviewedAt
    case 'reopen':
      return handling.closedAt ?? reply?.reviewedAt
    case 'answer_extension': {
      const { extensionId } = fields as Fields<'answer_extension'>
      return ticket.extensions.find(({ id }) => id === extensionId)?.requestedAt
    }
    case 'submit':
    case 'unfounded':
      return reply?.reviewedAt ?? stintOf(handling)?.dispatchedAt
    default:
      return BY_UNIT.has(command) ? stintOf(handling)?.dispatchedAt : undefined
  }
}

/** Entered more than the policy's 30 minutes after it happened (G6). */
export function isLate(
  deed: { readonly occurredAt: Instant; readonly fields: object },
  { policy }: Rules,
  at: Instant,
): boolean {
  const limit = policy.settings.lateEntryMinutes * MINUTE
  return happened(deed).some(([name, when]) => name !== 'surveyAt' && at - when > limit)
}

function happened(deed: {
  readonly occurredAt: Instant
  readonly fields: object
}): readonly (readonly [string, Instant])[] {
  const said = Object.entries(deed.fields).flatMap(([name, value]) =>
    HAPPENED.includes(name) && typeof value === 'number' ? [[name, value] as const] : [],
  )
  return [['occurredAt', deed.occurredAt], ...said]
}

export const BY_UNIT: ReadonlySet<CommandName> = new Set<CommandName>([
  'accept',
  'reject',
  'assign',
  'depart',
  'arrive',
  'safety',
  'plan',
  'repair',
  'restore',
  'contact',
  'contact_facility',
  'submit',
  'unfounded',
  'request_extension',
  'state_hindrance',
])
