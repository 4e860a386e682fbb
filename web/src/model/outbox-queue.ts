import type { TicketView } from '#contract/ticket.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import type { TicketState } from '#contract/vocabulary.ts'

/** One step that was done without a signal and waits to be reported. */
export interface Waiting {
  /** Sent as the idempotency key: one step is recorded once, however often it is sent. */
  readonly key: string
  readonly ticketId: string
  readonly number: string
  readonly command: CommandName
  readonly version: number
  readonly body: Readonly<Record<string, unknown>>
  /** Who did it: nobody else’s name is put under it. */
  readonly userId?: string
  /** The server's sentence, once it has said no. */
  readonly refused?: string
}

const AFTER: Partial<Record<CommandName, TicketState>> = {
  depart: 'en_route',
  arrive: 'arrived',
  safety: 'safety_set',
  plan: 'plan_confirmed',
  repair: 'repaired',
  restore: 'restored',
  submit: 'submitted',
  unfounded: 'submitted',
}

/** The crew's own steps may wait; what others decide by must be heard at once. */
export function mayWait(command: CommandName): boolean {
  return AFTER[command] !== undefined || command === 'contact'
}

/** The ticket as it will be once what waits has been reported: the next step can be done meanwhile. */
export function aheadOf(ticket: TicketView, waiting: readonly Waiting[]): TicketView {
  const own = waiting.filter(({ ticketId, refused }) => ticketId === ticket.id && refused === undefined)
  if (own.length === 0) return ticket
  const state = own.reduce((before, { command }) => AFTER[command] ?? before, ticket.state)
  return { ...ticket, state, events: [...ticket.events, ...own.map(eventOf)] }
}

function eventOf({ key, command, body, userId = '' }: Waiting): TicketView['events'][number] {
  const at = typeof body['occurredAt'] === 'string' ? body['occurredAt'] : ''
  const actor = { kind: 'person', id: userId, name: '' } as const
  return { id: key, type: command, occurredAt: at, enteredAt: at, actor, data: body }
}
