import type { DutyMember, DutyPlan, DutySettings } from '#contract/duty.ts'
import type { DutyRung } from '#contract/vocabulary.ts'
import type { Instant } from '../instant.ts'
import type { WorkCalendar } from '../policy/calendar.ts'
import type { ClauseKey } from '../policy/clauses.ts'

/** Who entered something. */
export interface Author {
  readonly id: string
  readonly name: string
}

/** A department's roster from `since` on, until a later version holds. Versions are never rewritten. */
export interface PlanVersion extends Readonly<DutyPlan> {
  readonly version: number
  readonly since: Instant
  readonly enteredAt: Instant
  readonly by: Author
}

export interface SettingsVersion {
  readonly version: number
  readonly since: Instant
  readonly settings: DutySettings
  readonly by: Author
}

interface ExceptionBase {
  readonly id: string
  readonly departmentId: string
  readonly groupId: string
  /** `[from, to)`; `from` is never before the entry, so that the past stays as it was. */
  readonly from: Instant
  readonly to: Instant
  readonly enteredAt: Instant
  readonly by: Author
  readonly reason?: string
  readonly cancelledAt?: Instant
}

/** Takes somebody off, puts somebody on, or one in the place of the other. */
export interface Override extends ExceptionBase {
  readonly kind: 'override'
  readonly remove?: string
  readonly add?: string
  /** The two halves of a swap name each other's common id. */
  readonly swapId?: string
}

/** Replaces the group's whole rule while it lasts. */
export interface Temporary extends ExceptionBase {
  readonly kind: 'temporary'
  readonly parts: readonly { readonly memberId: string; readonly from: Instant; readonly to: Instant }[]
}
export type Exception = Override | Temporary

/** All that duty is decided from: as of any past or future instant. */
export interface DutyBook {
  readonly plans: readonly PlanVersion[]
  readonly settings: readonly SettingsVersion[]
  /** In force until somebody has entered settings. */
  readonly defaults: DutySettings
  readonly exceptions: readonly Exception[]
  readonly calendar: WorkCalendar
  /** What the policy in force calls the clauses that ask for duty. */
  readonly clauses: Readonly<Record<ClauseKey, string>>
}

/** Why somebody is on duty; `id` is that of the shift or exception, `[from, to)` its turn. */
export type DutyWhy =
  | {
      readonly kind: 'shift' | 'override' | 'temporary'
      readonly id: string
      readonly from: Instant
      readonly to: Instant
      readonly insteadOf?: string
    }
  | StandingWhy

/** Whoever answers without a turn: the contact outside the hours of duty, the one who answers for a unit. */
export interface StandingWhy {
  readonly kind: 'contact' | 'responsible'
}

export function isStanding(why: DutyWhy): why is StandingWhy {
  return why.kind === 'contact' || why.kind === 'responsible'
}

export interface OnDuty {
  readonly member: DutyMember
  readonly departmentId: string
  readonly groupId: string
  readonly groupName: string
  readonly rung: DutyRung
  readonly areaIds: readonly string[]
  readonly why: DutyWhy
}

/** The two top rungs serve the whole company, whichever department is asked for. */
export function isCompanyWide(rung: DutyRung): boolean {
  return rung === 'duty_lead' || rung === 'service_leader'
}

/** The roster of a department in force at `at`: the latest version that has begun. */
export function planAt(book: DutyBook, departmentId: string, at: Instant): PlanVersion | undefined {
  return latest(
    book.plans.filter((plan) => plan.departmentId === departmentId),
    at,
  )
}

export function latestPlan(book: DutyBook, departmentId: string): PlanVersion | undefined {
  return planAt(book, departmentId, Infinity)
}

export function departmentsOf(book: DutyBook): readonly string[] {
  return [...new Set(book.plans.map(({ departmentId }) => departmentId))]
}

/** `from` and `to` of an exception as it really held: a cancelled one ends then. */
export function endOf({ to, cancelledAt }: Exception): Instant {
  return Math.min(to, cancelledAt ?? to)
}

export function latest<Dated extends { readonly since: Instant; readonly version: number }>(
  versions: readonly Dated[],
  at: Instant,
): Dated | undefined {
  let found: Dated | undefined
  for (const one of versions) {
    if (one.since <= at && (found === undefined || one.version > found.version)) found = one
  }
  return found
}
