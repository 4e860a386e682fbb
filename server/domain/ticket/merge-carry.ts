import type { CommandName } from '#contract/commands/commands.ts'
import type { Command } from './command.ts'
import { COMMAND_TABLE } from './commands/table.ts'
import { inForce } from './corrected.ts'
import { sinceBegun, type TicketEvent } from './event.ts'
import { evolve } from './evolve.ts'
import { dispatchAtOnce } from './open.ts'
import { WITH_UNIT } from './state-groups.ts'
import { handlingOf, stintOf, type Ticket } from './ticket.ts'

/**
 * What was said under the absorbed number and counts for the defect, as lines of the survivor: that a unit
 * was sent out, what the same unit has done since, promises to the reporter, asking for progress, and
 * call-backs. What the survivor has itself stays. Each line names the ticket that it came from.
 */
export function carriedOver(
  survivor: Ticket,
  absorbed: { readonly ticket: Ticket; readonly events: readonly TicketEvent[] },
  by: { readonly at: number; readonly newId: () => string },
): readonly TicketEvent[] {
  const carried: TicketEvent[] = []
  let now = survivor
  const take = (event: TicketEvent): void => {
    const data = { ...event.data, takenFrom: absorbed.ticket.id }
    // The line itself stays what it was, with its own type.
    const line = { ...event, id: by.newId(), enteredAt: by.at, data } as TicketEvent
    carried.push(line)
    now = evolve(now, line)
  }
  const sent = dispatchOf(survivor, absorbed.ticket, by)
  if (sent !== undefined) take(sent)
  for (const event of sinceBegun(inForce(absorbed.events))) {
    if (isWanted(event, now, absorbed.ticket)) take(placed(event, now))
  }
  return carried
}

/** The survivor does not wait in the gate for what has been sent out already. */
function dispatchOf(
  survivor: Ticket,
  absorbed: Ticket,
  by: { readonly at: number; readonly newId: () => string },
): TicketEvent | undefined {
  const stint = stintOf(handlingOf(absorbed))
  if (survivor.state !== 'under_review' || stint === undefined) return undefined
  const { id: departmentId, name: departmentName, ...said } = absorbed.department
  const sent = dispatchAtOnce({ departmentId, departmentName, ...said, networkVersion: 0 }, by.at, by.newId)
  return { ...sent, occurredAt: Math.max(stint.dispatchedAt, handlingOf(survivor).startAt) }
}

function isWanted(event: TicketEvent, now: Ticket, absorbed: Ticket): boolean {
  const commands: Readonly<Record<string, Pick<Command<CommandName>, 'carries'> | undefined>> = COMMAND_TABLE
  const carries = commands[event.type]?.carries
  if (carries === undefined || carries === 'always') return carries !== undefined
  const isSameUnit = stintOf(handlingOf(now))?.departmentId === absorbed.department.id
  return isSameUnit && isAtWork(now) && carries(now)
}

/** Work of the unit can still move it. */
function isAtWork({ state }: Ticket): boolean {
  return WITH_UNIT.includes(state) && state !== 'returned'
}

/** Taken and passed on not before it was sent out; and nobody is archived by a call-back of another ticket. */
function placed(event: TicketEvent, now: Ticket): TicketEvent {
  const from = stintOf(handlingOf(now))?.dispatchedAt ?? event.occurredAt
  if (event.type === 'accept' || event.type === 'assign')
    return { ...event, occurredAt: Math.max(event.occurredAt, from) }
  return event.type === 'callback' ? { ...event, data: { ...event.data, done: false } } : event
}
