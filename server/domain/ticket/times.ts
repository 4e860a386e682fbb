import { TICKET_COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import type { Fields } from '#contract/commands/field.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import { instantText, MINUTE, parseInstant, type Instant } from '../instant.ts'
import type { Rules } from './clock.ts'
import type { CommandTable } from './command.ts'
import type { FieldsRead } from './event.ts'
import { fieldTitle, OCCURRED_AT, withoutOffset } from './fields.ts'
import { handlingOf, stintOf, type Ticket } from './ticket.ts'

/** What was done and when, as somebody says. */
interface Deed<Name extends CommandName> {
  readonly command: Name
  readonly occurredAt: Instant
  readonly fields: FieldsRead<Name>
}

/** When a command's deed happened: as said, or now. Text that is no instant is refused. */
export function readOccurredAt(text: unknown, at: Instant): Instant | Refusal {
  if (text === undefined || text === null || text === '') return at
  const said = typeof text === 'string' ? parseInstant(text) : undefined
  return said ?? withoutOffset(OCCURRED_AT)
}

/** Not before what it follows upon (the opening, the dispatch, the reply …); not in the future. */
export function refuseTime<Name extends CommandName>(
  ticket: Ticket,
  deed: Deed<Name>,
  at: Instant,
  commands: CommandTable,
): Refusal | undefined {
  const opened = openedAt(ticket)
  for (const [name, when] of happened(deed)) {
    const { zh, en } = fieldTitle(deed.command, name)
    if (when > at)
      return refuse('bad-time', {
        zh: `${zh}在将来: ${instantText(when)}`,
        en: `“${en}” lies in the future: ${instantText(when)}`,
      })
    const floor = name === 'occurredAt' ? earliestOf(ticket, deed.command, deed.fields, commands) : opened
    if (when < floor)
      return refuse('bad-time', {
        zh: `${zh}早于 ${instantText(floor)}`,
        en: `“${en}” lies before ${instantText(floor)}`,
      })
  }
  return undefined
}

/** Nothing that is said of a ticket happened before its handling began. */
export function openedAt(ticket: Ticket): Instant {
  return Math.min(ticket.openedAt, handlingOf(ticket).startAt)
}

/** The first instant at which a command can have been done: what it follows upon, or the opening. */
export function earliestOf<Name extends CommandName>(
  ticket: Ticket,
  name: Name,
  fields: Partial<FieldsRead<Name>>,
  commands: CommandTable,
): Instant {
  const { follows } = commands[name]
  const isOfUnit = TICKET_COMMANDS[name].by !== 'desk' && name !== 'correct'
  const after = follows === undefined ? undefined : follows(ticket, fields)
  const dispatched = isOfUnit ? stintOf(handlingOf(ticket))?.dispatchedAt : undefined
  return after ?? dispatched ?? openedAt(ticket)
}

/** Entered more than the policy's 30 minutes after it happened. */
export function isLate<Name extends CommandName>(deed: Deed<Name>, { policy }: Rules, at: Instant): boolean {
  const fields: Fields = TICKET_COMMANDS[deed.command].fields
  const limit = policy.settings.lateEntryMinutes * MINUTE
  return happened(deed).some(([name, when]) => fields[name]?.late !== false && at - when > limit)
}

function happened<Name extends CommandName>(deed: Deed<Name>): readonly (readonly [string, Instant])[] {
  const fields: Fields = TICKET_COMMANDS[deed.command].fields
  const said = Object.entries(deed.fields).flatMap(([name, value]) =>
    fields[name]?.past === true && typeof value === 'number' ? [[name, value] as const] : [],
  )
  return [['occurredAt', deed.occurredAt], ...said]
}
