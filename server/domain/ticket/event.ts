import type { CommandFields, CommandName, CommandSays, TicketEventType } from '#contract/commands/commands.ts'
import type { Position } from '#contract/identity.ts'
import type {
  ClockKey,
  Level,
  TicketKind,
  TicketSource,
  WatchedThing,
  TicketFlag,
} from '#contract/vocabulary.ts'
import type { Actor } from '../access/actor.ts'
import type { Instant } from '../instant.ts'
import type { Route } from './route.ts'

/** What the system's own events say. Keys that end in `At` hold instants (ms); the views write them as ISO 8601. */
interface AutomaticData {
  opened: {
    readonly number: string
    readonly kind: TicketKind
    readonly level: Level
    readonly source: TicketSource
    /** Time of the first bad sample; shown, starts no clock unless flags.sensor_start says so. */
    readonly eventAt?: Instant
    readonly incidentId?: string
    readonly assetId?: string
    readonly position?: Position
    readonly address?: string
    readonly route: Route
    /** The area that the place lies in, whoever takes it (A29). */
    readonly areaId?: string
    /** `own`, or the third party that runs the facility (A7). */
    readonly managedBy: string
    /** The edition of the policy in force. */
    readonly edition?: string
    readonly callId?: string
    readonly exercise: boolean
    readonly flags: readonly TicketFlag[]
  }
  auto_dispatched: Dispatched
  deemed_accepted: {}
  warned: { readonly clock: ClockKey; readonly run: string; readonly step: string; readonly dueAt?: Instant }
  breached: {
    readonly clock: ClockKey
    readonly run: string
    readonly step: string
    readonly dueAt: Instant
    readonly cause?: string
  }
  watched: { readonly what: WatchedThing; readonly dueAt: Instant }
  merged: {
    readonly role: 'survivor' | 'absorbed'
    readonly otherTicketId: string
    readonly otherNumber: string
    readonly callIds: readonly string[]
    /** How much earlier the surviving start is than the absorbed one, minutes. */
    readonly startMovedMinutes: number
    readonly reason: string
    /** The other one is a hot matter, and so is this one as long as they are one. */
    readonly hot?: boolean
  }
  unmerged: {
    readonly role: 'survivor' | 'absorbed'
    readonly otherTicketId: string
    readonly callIds: readonly string[]
    readonly reason: string
    /** Every caller that is left had been called back: the ticket is archived. */
    readonly done?: boolean
  }
}

/** What the event of each command says: its fields as read, and what `contract/commands` adds to them. */
type CommandData = { [Name in CommandName]: FieldsRead<Name> & Readonly<CommandSays[Name]> }
export type EventData = AutomaticData & CommandData

/** Fields of a command as read: every key that ends in `At` is an instant. */
export type FieldsRead<Name extends CommandName> = {
  readonly [Key in keyof CommandFields[Name]]: Key extends `${string}At` ? Instant : CommandFields[Name][Key]
}

export interface Dispatched {
  readonly departmentId: string
  readonly departmentName: string
  readonly rule: Route['rule']
  readonly why: string
  /** Missing where a person gave the reason. */
  readonly whyEn?: string
  readonly channel: 'system' | 'phone'
}

/**
 * One line of a ticket's history, append-only (G5). `occurredAt` is when it happened and moves clocks;
 * `enteredAt` is when the system learnt of it (G6). Its place in the list is the ticket's version.
 */
export type TicketEvent = { [Type in TicketEventType]: EventOf<Type> }[TicketEventType]

export interface EventOf<Type extends TicketEventType> {
  readonly id: string
  readonly type: Type
  readonly occurredAt: Instant
  readonly enteredAt: Instant
  /** Entered more than the policy's 30 minutes after it happened (G6). */
  readonly late?: boolean
  readonly actor: Actor
  readonly data: EventData[Type] & {
    /** Entered by a dispatcher in the name of the unit (phone, written reply). */
    readonly onBehalf?: boolean
    /** Said under the number of the ticket that was merged into this one; goes with it again. */
    readonly takenFrom?: string
  }
}

/** What the unit that has the ticket now has said: a rejected one's words are over, as are those before a reopening. */
export function sinceBegun(events: readonly TicketEvent[]): readonly TicketEvent[] {
  return events.slice(events.findLastIndex(({ type }) => type === 'reject' || type === 'reopen') + 1)
}
