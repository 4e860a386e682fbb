import type { Position } from '#contract/identity.ts'
import type {
  ClockKey,
  Level,
  TicketEventType,
  TicketKind,
  TicketSource,
  WatchedThing,
  TicketFlag,
} from '#contract/vocabulary.ts'
import type { Actor } from '../access/actor.ts'
import type { Instant } from '../instant.ts'
import type { Route } from './route.ts'

/** What each event says. Keys that end in `At` hold instants (ms); the views write them as ISO 8601. */
export interface EventData {
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
  dispatch: Dispatched & {
    readonly reason?: string
    readonly callee?: string
    readonly answered?: boolean
    readonly onBehalf?: boolean
  }
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
  answer: { readonly text: string }
  approve: {}
  accept: Proxy
  reject: { readonly reason: string } & Proxy
  assign: { readonly crewIds: readonly string[] } & Proxy
  depart: Proxy
  arrive: Scene & { readonly position?: Position } & Proxy
  safety: {
    readonly measures: readonly string[]
    readonly barrier?: boolean
    readonly cordon?: boolean
    readonly reportedToServiceAt?: Instant
    readonly noneReason?: string
  } & Proxy
  plan: { readonly text: string; readonly confirmedBy: string } & Proxy
  repair: { readonly text: string; readonly attachmentIds?: readonly string[] } & Proxy
  restore: {
    readonly faultClearedAt?: Instant
    readonly heatRestoredAt: Instant
    readonly result: string
  } & Proxy
  contact: { readonly reached: boolean; readonly note: string; readonly appointmentAt?: Instant } & Proxy
  contact_facility: Scene & { readonly callee: string; readonly note: string } & Proxy
  submit: {
    readonly result: string
    readonly finalKind: TicketKind
    readonly outcome: 'done' | 'explained_unresolved'
    readonly attachmentIds?: readonly string[]
    readonly sensorAbnormal?: boolean
  } & Written
  unfounded: {
    readonly surveyAt: Instant
    readonly evidenceIds: readonly string[]
    readonly informed: string
    readonly sensorAbnormal?: boolean
  } & Written
  review: {
    readonly pass: boolean
    readonly reason?: 'not_detailed' | 'not_in_norm' | 'wrong_category' | 'other'
    readonly text?: string
    readonly seenAbnormal?: boolean
    /** Which of how many levels of review this is (A20); absent where there is one. */
    readonly reviewLevel?: number
    readonly reviewLevels?: number
    /** The true category, where the ticket had another (A35). */
    readonly kind?: TicketKind
    /** Its level, and whence its clocks run: set together with `kind`. */
    readonly level?: Level
    readonly clocksFromAt?: Instant
  }
  callback: {
    readonly callId: string
    readonly reached: boolean
    readonly satisfied?: boolean
    readonly qualityRating?: number
    readonly opinion?: string
    readonly suggestion?: string
    /** Every caller has now been reached or given up on (G4): the ticket is archived. */
    readonly done: boolean
  }
  request_extension: {
    readonly extensionId: string
    readonly reason: string
    readonly dueAt: Instant
    /** What was left of the headline clock, ms. */
    readonly remainingMs: number
  } & Proxy
  answer_extension: {
    readonly extensionId: string
    readonly approve: boolean
    readonly reason?: string
    /** The person also holds the confirming role: one step (A15). */
    readonly confirms?: boolean
  }
  confirm_extension: { readonly extensionId: string }
  /** The conditions hold under which the limit has its second value. */
  state_hindrance: { readonly reason: string } & Proxy
  remind: { readonly note: string }
  raise_level: { readonly level: Level; readonly from: Level; readonly reason: string }
  reopen: { readonly reason: string }
  /** `callId`: a further caller was joined. `incidentId`: the ticket now belongs to that incident. */
  note: {
    readonly text: string
    readonly callId?: string
    /** A further call from a number that is linked already. */
    readonly sameCallerId?: string
    readonly receivedAt?: Instant
    readonly incidentId?: string
    /** The caller says that it is a hot matter. */
    readonly hot?: boolean
  }
  correct: {
    readonly eventId: string
    readonly reason: string
    readonly correctedAt?: Instant
    readonly fields: Readonly<Record<string, unknown>>
  }
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

interface Proxy {
  /** Entered by a dispatcher in the name of the unit (phone, written reply). */
  readonly onBehalf?: boolean
}

/** A reply on paper arrives when the hotline has it, whenever the work was done (A37). */
interface Written extends Proxy {
  readonly written?: boolean
}

interface Scene {
  readonly scene: string
  readonly heatAffected: boolean
  readonly affected?: string
  readonly expectedMinutes: number
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
  /** `takenFrom`: said under the number of the ticket that was merged into this one; goes with it again. */
  readonly data: EventData[Type] & { readonly takenFrom?: string }
}
