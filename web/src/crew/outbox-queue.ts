import type { TicketView } from '#contract/ticket.ts'
import type { CommandName, TicketState } from '#contract/vocabulary.ts'

/** One step that was done without a signal and waits to be reported. */
export interface Waiting {
  /** Sent as the idempotency key: one step is recorded once, however often it is sent. */
  readonly key: string
  readonly ticketId: string
  readonly number: string
  readonly command: CommandName
  readonly version: number
  readonly body: Readonly<Record<string, unknown>>
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
}

/** The crew's own steps may wait; what others decide by must be heard at once. */
export function mayWait(command: CommandName): boolean {
  return AFTER[command] !== undefined || command === 'contact'
}

/** The ticket as it will be once what waits has been reported: the next step can be done meanwhile. */
export function aheadOf(ticket: TicketView, waiting: readonly Waiting[]): TicketView {
  let { state } = ticket
  for (const { ticketId, command, refused } of waiting) {
    if (ticketId === ticket.id && refused === undefined) state = AFTER[command] ?? state
  }
  return state === ticket.state ? ticket : { ...ticket, state }
}
