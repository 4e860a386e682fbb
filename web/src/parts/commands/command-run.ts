import type { TicketView } from '#contract/ticket.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import { ROUTES } from '#contract/routes.ts'
import { request, type Answer, type Failure } from '../../base/api/request.ts'
import { isoText, parseLocal } from '../../base/i18n/time.ts'
import { withSentFiles } from '../../model/waiting-files.ts'
import { isAhead, type CommandField } from './command-field.ts'

export type FieldValues = Record<string, unknown>

/** The body of a command from what stands in its form: empty fields are left out, times get their offset. */
export function commandBody(fields: readonly CommandField[], values: FieldValues, now: number): FieldValues {
  const body: FieldValues = {}
  for (const { name, kind } of fields) {
    const value = values[name] ?? (kind === 'measures' ? [] : undefined)
    if (
      value === undefined ||
      value === '' ||
      (Array.isArray(value) && value.length === 0 && kind !== 'measures')
    )
      continue
    if (kind === 'instant' && typeof value === 'string') {
      const at = parseLocal(value, now, isAhead(name))
      if (at !== undefined) body[name] = isoText(at)
    } else if (name === 'qualityRating') body[name] = Number(value)
    else body[name] = value
  }
  return body
}

/** Sends one command; the ticket's version keeps two people from overwriting each other. */
export async function runCommand(
  ticket: TicketView,
  command: CommandName,
  body: FieldValues,
  key: string = crypto.randomUUID(),
): Promise<Answer<TicketView>> {
  const files = await withSentFiles(body)
  if (!files.ok) return files
  return request<TicketView>(ROUTES.ticketCommands(ticket.id), {
    method: 'POST',
    body: { ...files.value, command, version: ticket.version },
    idempotencyKey: key,
  })
}

/** Names of the fields that a refusal speaks of, by the form's own labels. */
export function refusedFields(
  failure: Failure | undefined,
  fields: readonly CommandField[],
): readonly CommandField[] {
  return failure === undefined ? [] : fields.filter((field) => failure.missing.includes(field.name))
}
