import type { Instant } from '../instant.ts'
import { handlingOf, type Ticket } from '../ticket/ticket.ts'

/** Spans that the policy asks to be short and gives no limit, and how long a sensor's incident was hidden (§9). */
export const MEASURED_SPANS = ['hidden', 'notified', 'planned', 'repaired'] as const
export type MeasuredSpan = (typeof MEASURED_SPANS)[number]

/** Lengths, ms, of those spans of a ticket that are over. */
export type Measured = { readonly [Span in MeasuredSpan]?: number }

/**
 * `hidden`: first bad sample to the alarm. `notified`: opening to the first order that somebody got.
 * `planned`: that order to the confirmed plan, `repaired`: the plan to the repair, both of the newest handling.
 */
export function measuredOf(ticket: Ticket): Measured {
  const { source, eventAt, openedAt, handlings } = ticket
  const first = handlings[0]?.stints[0]?.dispatchedAt
  const { stints, planAt, repairedAt } = handlingOf(ticket)
  const sent = stints.find(({ rejectedAt }) => rejectedAt === undefined)?.dispatchedAt
  return {
    ...length('hidden', source === 'sensor' ? eventAt : undefined, openedAt),
    ...length('notified', openedAt, first),
    ...length('planned', sent, planAt),
    ...length('repaired', planAt, repairedAt),
  }
}

/** The lengths of many tickets, ms, span by span. */
export type MeasuredTogether = { readonly [Span in MeasuredSpan]?: readonly number[] }

/** One ticket's lengths as those of many. */
export function asTogether(measured: Measured): MeasuredTogether {
  return Object.fromEntries(Object.entries(measured).map(([name, ms]) => [name, [ms]]))
}

function length(name: MeasuredSpan, from: Instant | undefined, to: Instant | undefined): Measured {
  return from === undefined || to === undefined ? {} : { [name]: Math.max(0, to - from) }
}
