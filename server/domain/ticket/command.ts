import type { Choice, ChoiceValue } from '#contract/commands/field.ts'
import type { CommandName } from '#contract/commands/commands.ts'
import type { CallView } from '#contract/hotline.ts'
import type { Refusal } from '#contract/problem.ts'
import type { Role, TicketState } from '#contract/vocabulary.ts'
import type { Person } from '../access/actor.ts'
import type { Instant } from '../instant.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import type { Assessment } from './assessment.ts'
import type { Rules } from './clock.ts'
import type { EventData, EventOf, FieldsRead, TicketEvent } from './event.ts'
import type { Route } from './route.ts'
import type { Ticket } from './ticket.ts'

/** What the world knows about a ticket, loaded beforehand. */
export interface Surroundings {
  /** Departments by id → name. */
  readonly departments: ReadonlyMap<string, string>
  /** The route by the division of responsibility in force now. */
  readonly routeNow: Route
  /** The unit works without the system: it answers in writing, and the desk enters that. */
  readonly writesByHand: boolean
  /** The callers, where somebody is to choose among them. */
  readonly calls?: readonly CallView[]
}

/** What a decision needs beside that. */
export interface TicketFacts extends Surroundings {
  /** People named in the command, by id. */
  readonly people: ReadonlyMap<string, Person>
  /** Attachments named in the command that exist. */
  readonly attachments: ReadonlySet<string>
  /** A finding that belongs to this defect still stands. */
  readonly sensorAbnormal: boolean
  readonly newId: () => string
}

/** Somebody before a ticket, before anything is filled in. */
export interface Situation {
  readonly ticket: Ticket
  readonly events: readonly TicketEvent[]
  readonly actor: Person
  /** Dispatch enters it in the name of the unit. */
  readonly onBehalf: boolean
  readonly at: Instant
  readonly assessment: Assessment
  /** The edition that the ticket lives by. */
  readonly rules: Rules
  readonly facts: Surroundings
  /** As it will be once the steps before are done. */
  readonly ahead?: boolean
  /** Every command, for the one that corrects what others have said. */
  readonly commands: CommandTable
}

/** A command filled in. Rights, version, state, fields and times have been judged. */
export interface Filled<Name extends CommandName> extends Situation {
  readonly fields: FieldsRead<Name>
  /** The body as sent; only `correct` looks into it. */
  readonly body: Readonly<Record<string, unknown>>
  readonly occurredAt: Instant
  readonly facts: TicketFacts
}

/** Asked for only while another field has one of these values. */
export interface When {
  readonly field: string
  readonly is: readonly ChoiceValue[]
}

/** What is asked of a field on this ticket, beside what everybody sees of it. */
export interface Asked {
  /** `later`: refused without it only when the reply is submitted. */
  readonly required?: boolean | 'later'
  readonly when?: When
  /** Mandatory only while this holds. */
  readonly requiredWhen?: When
  /** Not wanted once one of these is filled in. */
  readonly unless?: readonly string[]
  readonly choices?: readonly Choice[]
  /** First and last instant that is accepted. */
  readonly min?: Instant
  readonly max?: Instant
  readonly start?: unknown
  /** Of the policy, where it is not the command's own. */
  readonly clause?: string
}

/** By field; `false` is not asked for, and of several the one whose `when` holds. */
export type Form = Readonly<Record<string, Asked | readonly Asked[] | false>>

/** One command of a ticket: who may, in which states, what is decided, and what that does to the ticket. */
export interface Command<Name extends CommandName> {
  /** Who may beside the unit that `contract/commands` names. */
  readonly roles?: readonly Role[]
  /** Why this person in particular may not. */
  readonly forbids?: (of: Situation, body?: Readonly<Record<string, unknown>>) => Refusal | undefined
  readonly states: readonly TicketState[] | ((ticket: Ticket, policy: PolicyPack) => readonly TicketState[])
  /** Why it cannot be done now, whatever is filled in. */
  readonly prevents?: (of: Situation) => Refusal | undefined
  /** The last instant at which it can be done, as things stand. */
  readonly until?: (of: Situation) => Instant | undefined
  /** What its form asks for on this ticket; whatever is required here is refused without it. */
  readonly form?: (of: Situation) => Form
  /** The event's own words; the fields as they are where left out. */
  readonly decide?: (filled: Filled<Name>) => EventData[Name] | Refusal
  readonly apply: (ticket: Ticket, event: EventOf<Name>) => Ticket
  /** It says when it was done; others happen as they are entered. */
  readonly dated?: true
  /** What it follows upon: it cannot have happened before. The unit's follow upon their dispatch. */
  readonly follows?: (ticket: Ticket, fields: Partial<FieldsRead<Name>>) => Instant | undefined
  /** One of the steps of the work on such a ticket. */
  readonly step?: (ticket: Ticket, policy: PolicyPack) => boolean
  /** What the ticket waits for, before the steps of the work. */
  readonly awaited?: (of: Situation) => boolean
  /** Working on a ticket that nobody has signed for is taking it. */
  readonly takes?: true
  /** Being there, or being done with it, keeps an appointment. */
  readonly keepsAppointment?: true
  /** What was reported may be corrected; what was decided may not. */
  readonly correctable?: true
  /** Counts for the ticket that this one is merged into: always, or where that one lacks it. */
  readonly carries?: 'always' | ((into: Ticket) => boolean)
}

export type CommandTable = { readonly [Name in CommandName]: Command<Name> }
