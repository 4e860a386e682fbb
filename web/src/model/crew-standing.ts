import type { TicketView } from '#contract/ticket.ts'
import type { TicketState } from '#contract/vocabulary.ts'

/** A crew is at it, the farther the later in this order. */
const AT_WORK: readonly TicketState[] = [
  'en_route',
  'arrived',
  'safety_set',
  'plan_confirmed',
  'repaired',
  'restored',
]
const TO_DO: readonly TicketState[] = ['dispatched', 'accepted', 'assigned', 'returned']

export interface CrewStanding {
  /** What a crew of the department is working on; undefined: on none. */
  readonly at: TicketView | undefined
  /** Tickets that nobody of the department has set out for. */
  readonly waiting: number
}

/** What a department's people are doing now, as the wall shows it. */
export function crewStanding(tickets: Iterable<TicketView>, departmentId: string): CrewStanding {
  const own = [...tickets].filter(({ department }) => department?.id === departmentId)
  const at = own
    .filter(({ state }) => AT_WORK.includes(state))
    .sort((a, b) => AT_WORK.indexOf(b.state) - AT_WORK.indexOf(a.state))[0]
  return { at, waiting: own.filter(({ state }) => TO_DO.includes(state)).length }
}
