import type { ReturnReason } from '#contract/commands/closing.ts'
import type { Position } from '#contract/identity.ts'
import type {
  Level,
  RoutingRule,
  TicketFlag,
  TicketKind,
  TicketSource,
  TicketState,
} from '#contract/vocabulary.ts'
import type { Instant } from '../instant.ts'

/** The department that a ticket is with, or proposed for while it waits in the gate. */
interface TicketDepartment {
  readonly id: string
  readonly name: string
  readonly rule: RoutingRule
  readonly why: string
  readonly whyEn?: string
}

/** One dispatch to a department until it is rejected. A change of department on the way is no new stint (A11). */
export interface Stint {
  readonly dispatchedAt: Instant
  readonly departmentId: string
  readonly acceptedAt?: Instant
  readonly assignedAt?: Instant
  readonly rejectedAt?: Instant
}

export interface Submission {
  readonly at: Instant
  readonly by: string
  readonly outcome: 'done' | 'explained_unresolved' | 'unfounded'
  readonly finalKind: TicketKind
  readonly sensorAbnormal: boolean
  /** Levels that it has passed on the way (A20). */
  readonly reviews?: readonly { readonly by: string; readonly at: Instant }[]
  readonly reviewedAt?: Instant
  readonly passed?: boolean
  readonly returnReason?: ReturnReason
}

/** A promise to the reporter; kept when the unit came or was done with it in time (A46). */
export interface Appointment {
  readonly at: Instant
  readonly madeAt: Instant
  readonly keptAt?: Instant
  /** The merged ticket to whose caller it was promised. */
  readonly takenFrom?: string
}

/** Work on the defect from its start to its archive; a reopened ticket gets a second one (A23). */
export interface Handling {
  readonly startAt: Instant
  readonly stints: readonly Stint[]
  readonly arrivedAt?: Instant
  readonly safetyAt?: Instant
  readonly measures: readonly string[]
  readonly noneReason?: string
  readonly barrier: boolean
  readonly cordon: boolean
  readonly reportedToServiceAt?: Instant
  readonly planAt?: Instant
  readonly repairedAt?: Instant
  readonly faultClearedAt?: Instant
  readonly heatRestoredAt?: Instant
  readonly contactedAt?: Instant
  readonly appointment?: Appointment
  /** Promises to callers of merged tickets beside it. */
  readonly otherAppointments?: readonly Appointment[]
  readonly facilityContactAt?: Instant
  readonly sceneReported: boolean
  /** As the newest report from the scene says. */
  readonly heatAffected?: boolean
  /** The unit's last word, or the desk's last asking for one. */
  readonly newsAt?: Instant
  readonly submissions: readonly Submission[]
  readonly callbacks: readonly CallbackAttempt[]
  readonly callbackDoneAt?: Instant
  /** From then on limits with a second value have that one; earlier breaches stay. */
  readonly hinderedAt?: Instant
  /** Clocks of the kind run from here: the facts that made it this kind were reported late (A35). */
  readonly kindStartAt?: Instant
  /** Archived, answered or reopened: whatever still ran is cancelled. */
  readonly closedAt?: Instant
  readonly answeredAt?: Instant
}

export interface CallbackAttempt {
  readonly callId: string
  readonly at: Instant
  readonly reached: boolean
  readonly satisfied?: boolean
}

export interface Extension {
  readonly id: string
  readonly handling: number
  readonly reason: string
  readonly dueAt: Instant
  readonly requestedAt: Instant
  readonly requestedBy: string
  /** What was left of the headline clock at the request, ms (A19). */
  readonly remainingMs?: number
  readonly answeredAt?: Instant
  readonly answeredBy?: string
  readonly approved?: boolean
  readonly effectiveAt?: Instant
}

export interface LinkedCall {
  readonly id: string
  readonly linkedAt: Instant
  /** The ticket that the call belongs to when it came by a merge. */
  readonly fromTicketId?: string
}

/** A ticket: the fold of its events (evolve.ts). Nothing here depends on the present time. */
export interface Ticket {
  readonly id: string
  readonly number: string
  readonly version: number
  readonly kind: TicketKind
  /** What it was taken for before a reviewer corrected it, each with the instant of the correction. */
  readonly formerKinds?: readonly { readonly kind: TicketKind; readonly until: Instant }[]
  /** The edition of the policy that it was opened under, and lives by. */
  readonly edition?: string
  readonly level: Level
  /** Levels since opening; each limits from its own entry on, and undoes no breach before it. */
  readonly levels: readonly { readonly level: Level; readonly at: Instant }[]
  readonly source: TicketSource
  readonly state: TicketState
  readonly assetId?: string
  readonly position?: Position
  readonly address?: string
  readonly areaId?: string
  readonly incidentId?: string
  readonly openedAt: Instant
  readonly eventAt?: Instant
  readonly managedBy: string
  readonly department: TicketDepartment
  readonly crewIds: readonly string[]
  readonly handlings: readonly Handling[]
  readonly extensions: readonly Extension[]
  readonly calls: readonly LinkedCall[]
  readonly returnCount: number
  readonly approvedAt?: Instant
  readonly merged?: { readonly into: string; readonly at: Instant; readonly from: TicketState }
  /** Warnings and breaches already written, `clock|run|step`. */
  readonly marks: readonly string[]
  readonly deemed: readonly string[]
  readonly flags: readonly TicketFlag[]
  readonly exercise: boolean
}

/** The handling in progress: the newest. */
export function handlingOf(ticket: Ticket): Handling {
  const last = ticket.handlings.at(-1)
  if (last === undefined) throw new Error(`ticket ${ticket.id} has no handling`)
  return last
}

/** Every promise that stands, those of merged tickets too. */
export function appointmentsOf({ appointment, otherAppointments = [] }: Handling): readonly Appointment[] {
  return appointment === undefined ? otherAppointments : [appointment, ...otherAppointments]
}

/** The dispatch in force; undefined while the ticket waits in the gate. */
export function stintOf(handling: Handling): Stint | undefined {
  const last = handling.stints.at(-1)
  return last?.rejectedAt === undefined ? last : undefined
}

/** No further clock can run: it is archived, or another ticket stands for it. */
export function isDone(ticket: Ticket): boolean {
  return ticket.state === 'archived' || ticket.state === 'merged' || ticket.state === 'answered_directly'
}
