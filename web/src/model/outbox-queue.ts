import type { TicketView } from '#contract/ticket.ts'
import { TICKET_COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import type { Offer } from '#contract/offer.ts'

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

/** The crew's own steps may wait; what others decide by, and what is said of an earlier line, must be heard at once. */
export function mayWait(command: CommandName): boolean {
  return TICKET_COMMANDS[command].by === 'crew' && command !== 'correct'
}

function waitingFor({ id }: TicketView, waiting: readonly Waiting[]): readonly Waiting[] {
  return waiting.filter(({ ticketId, refused }) => ticketId === id && refused === undefined)
}

/**
 * What this person may do now, as the server last said. Once steps wait in the phone, what follows them in the
 * course of the work, and what goes beside it; the server judges them when it hears of them.
 */
export function offersOf(ticket: TicketView, waiting: readonly Waiting[], now: number): readonly Offer[] {
  const { offers = [], course = [] } = ticket
  const open = offers.filter(({ until }) => until === undefined || now < Date.parse(until) + 1000)
  const own = new Set(waitingFor(ticket, waiting).map(({ command }) => command))
  if (own.size === 0) return open
  const rest = open.filter(({ command }) => mayWait(command) && !own.has(command))
  const done = course.findLastIndex(({ command }) => own.has(command))
  if (done < 0) return rest
  const ahead = course.slice(done + 1).map(({ command, fields }, index) => {
    const { title } = TICKET_COMMANDS[command]
    return { command, title, onBehalf: false, next: index === 0, fields }
  })
  const beside = rest.filter(({ command }) => course.every((step) => step.command !== command))
  return ahead.length === 0 ? [] : [...ahead, ...beside]
}

interface Step {
  readonly command: CommandName
  /** When it was done; undefined while it is ahead. */
  readonly at: number | undefined
  readonly current: boolean
}

/** The steps of the work: which are done, said already or waiting in the phone, and which one is now. */
export function stepsOf(ticket: TicketView, waiting: readonly Waiting[]): readonly Step[] {
  const { course = [] } = ticket
  const done = new Map<string, unknown>(
    course.flatMap(({ command, doneAt }) => (doneAt === undefined ? [] : [[command, doneAt]])),
  )
  for (const { command, body } of waitingFor(ticket, waiting)) done.set(command, body['occurredAt'])
  // A step may be left out: now is the one after the last that was done.
  const last = course.findLastIndex(({ command }) => done.has(command))
  return course.map(({ command }, index) => {
    const at = done.has(command) ? Date.parse(String(done.get(command))) : undefined
    return { command, at, current: index === last + 1 }
  })
}
