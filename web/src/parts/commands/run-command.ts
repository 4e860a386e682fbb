import type { TicketView } from '#contract/ticket.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import { ROUTES } from '#contract/routes.ts'
import { request, type Answer } from '../../base/api/request.ts'
import { withSentFiles } from '../../model/waiting-files.ts'

/** Sends one command; the ticket's version keeps two people from overwriting each other. */
export async function runCommand(
  ticket: TicketView,
  command: CommandName,
  body: Readonly<Record<string, unknown>>,
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
