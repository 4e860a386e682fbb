import type { Instant } from '../instant.ts'
import type { Clock, Rules } from './clock.ts'
import { clocksOf } from './clocks.ts'
import { headlineOf, type Headline } from './headline.ts'
import { rulesOf } from './own-rules.ts'
import type { Ticket } from './ticket.ts'

/**
 * A ticket at an instant, under the rules that it lives by. Its clocks are reckoned when somebody first asks
 * for them, and once: sweep, messages, figures, view and offers all take them from here.
 */
export class Assessment {
  readonly ticket: Ticket
  readonly at: Instant
  /** The edition that the ticket was opened under. */
  readonly rules: Rules
  readonly inForce: Rules
  #clocks: readonly Clock[] | undefined
  #headline: Headline | undefined

  constructor(ticket: Ticket, inForce: Rules, at: Instant) {
    this.ticket = ticket
    this.at = at
    this.inForce = inForce
    this.rules = rulesOf(ticket, inForce)
  }

  get clocks(): readonly Clock[] {
    return (this.#clocks ??= clocksOf(this.ticket, this.rules, this.at))
  }

  get headline(): Headline {
    return (this.#headline ??= headlineOf(this.ticket, this.rules, this.at))
  }
}
