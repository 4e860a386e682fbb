import type { CommandFields } from '#contract/commands.ts'
import type { Refusal } from '#contract/problem.ts'
import type { CommandName } from '#contract/vocabulary.ts'
import type { Person } from '../../access/actor.ts'
import type { Instant } from '../../instant.ts'
import type { Rules } from '../clock.ts'
import type { EventData, TicketEvent } from '../event.ts'
import type { Route } from '../route.ts'
import type { Ticket } from '../ticket.ts'

/** Fields as read: every key that ends in `At` is an instant. */
export type Fields<Name extends CommandName> = {
  readonly [Key in keyof CommandFields[Name]]: Key extends `${string}At` ? Instant : CommandFields[Name][Key]
}

/** What the world knows and a decision needs; loaded beforehand. */
export interface TicketFacts {
  /** Departments by id → name. */
  readonly departments: ReadonlyMap<string, string>
  /** The route by the division of responsibility in force now (A11). */
  readonly routeNow: Route
  /** People named in the command, by id. */
  readonly people: ReadonlyMap<string, Person>
  /** Attachments named in the command that exist. */
  readonly attachments: ReadonlySet<string>
  /** A finding that belongs to this defect still stands (G2). */
  readonly sensorAbnormal: boolean
  /** The unit works without the system: it answers in writing, and the desk enters that. */
  readonly writesByHand: boolean
  readonly newId: () => string
}

/** One command on its way to an event. Rights, version, state and fields have been judged. */
export interface Case<Name extends CommandName> {
  readonly ticket: Ticket
  readonly events: readonly TicketEvent[]
  readonly fields: Fields<Name>
  /** The body as sent; only `correct` looks into it. */
  readonly body: Readonly<Record<string, unknown>>
  readonly actor: Person
  readonly onBehalf: boolean
  readonly at: Instant
  readonly occurredAt: Instant
  readonly rules: Rules
  readonly facts: TicketFacts
}

export type Decide<Name extends CommandName> = (c: Case<Name>) => EventData[Name] | Refusal

/** Marks an entry that a dispatcher makes for the unit. */
export function proxy(c: { readonly onBehalf: boolean }): { readonly onBehalf?: boolean } {
  return c.onBehalf ? { onBehalf: true } : {}
}
