import type { Instant } from '../instant.ts'
import type { Clock, Rules } from './clock.ts'
import { clocksOf } from './clocks.ts'
import { headlineFrom, headlineOf, type Headline } from './headline.ts'
import { rulesOf } from './own-rules.ts'
import type { Ticket } from './ticket.ts'

/**
 * A ticket at an instant, under the rules that it lives by. Its clocks are reckoned when somebody first asks
 * for them, and once: sweep, messages, figures, view and offers all take them from here.
 */
export interface Assessment {
  readonly ticket: Ticket
  readonly at: Instant
  /** Of the edition that the ticket was opened under. */
  readonly rules: Rules
  readonly inForce: Rules
  readonly clocks: readonly Clock[]
  readonly headline: Headline
}

export function assess(ticket: Ticket, inForce: Rules, at: Instant): Assessment {
  const rules = rulesOf(ticket, inForce)
  let clocks: readonly Clock[] | undefined
  let headline: Headline | undefined
  return {
    ticket,
    at,
    rules,
    inForce,
    get clocks() {
      return (clocks ??= clocksOf(ticket, rules, at))
    },
    get headline() {
      return (headline ??=
        clocks === undefined ? headlineOf(ticket, rules, at) : headlineFrom(clocks, ticket, rules))
    },
  }
}
