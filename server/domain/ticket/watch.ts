import type { WatchedThing } from '#contract/vocabulary.ts'
import { MINUTE, type Instant } from '../instant.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import { dueReview } from './review-level.ts'
import { appointmentsOf, handlingOf, isDone, stintOf, type Ticket } from './ticket.ts'

/** Something without a limit of its own that somebody should look at (R-14, A20, A30, A46): never a breach. */
export interface Watch {
  readonly what: WatchedThing
  /** The last instant at which it is still all right; an hour before, it is only said that it comes. */
  readonly dueAt: Instant
  /** Names it among all of a ticket, so that it is written once. */
  readonly mark: string
}

/** What will be or is to be looked at as things stand, in no order. */
export function watchesOf(ticket: Ticket, policy: PolicyPack): readonly Watch[] {
  const { settings, kinds, statutory } = policy
  if (isDone(ticket)) return []
  const { arrivedAt, safetyAt, newsAt } = handlingOf(ticket)
  const found: (readonly [WatchedThing, Instant])[] = []
  const isReported = ticket.state === 'submitted' || ticket.state === 'callback_due'
  const isUnsafe = arrivedAt !== undefined && safetyAt === undefined && !isReported
  if (isUnsafe && kinds[ticket.kind].onSite !== 'none') {
    found.push(['safety_missing', arrivedAt + settings.safetyAmberMinutes * MINUTE])
  }
  if (statutory !== undefined) found.push(...outages(ticket, statutory))
  const { progressMinutes } = settings
  const isAsked = ticket.flags.includes('hot') && stintOf(handlingOf(ticket)) !== undefined && !isReported
  if (isAsked && progressMinutes !== undefined && newsAt !== undefined) {
    found.push(['progress_due', newsAt + progressMinutes * MINUTE])
  }
  const review = dueReview(ticket, policy)
  if (review !== undefined) found.push(['review_late', review.dueAt])
  for (const { at, madeAt, keptAt } of appointmentsOf(handlingOf(ticket))) {
    if (keptAt !== undefined) continue
    const near = at - settings.appointmentWarnMinutes * MINUTE
    if (madeAt < near) found.push(['appointment_near', near])
    found.push(['appointment_missed', at])
  }
  return found.map(([what, dueAt]) => ({ what, dueAt, mark: markOf(what, ticket, dueAt) }))
}

/** How long people have been without heat, by a law above the policy (A40): from the report until it is back. */
function outages(
  ticket: Ticket,
  { reportMinutes, compensateMinutes }: NonNullable<PolicyPack['statutory']>,
): readonly (readonly [WatchedThing, Instant])[] {
  const { startAt, heatAffected, heatRestoredAt } = handlingOf(ticket)
  if (heatAffected !== true || heatRestoredAt !== undefined) return []
  const after = (what: WatchedThing, minutes: number | undefined) =>
    minutes === undefined ? [] : [[what, startAt + minutes * MINUTE] as const]
  return [...after('outage_to_report', reportMinutes), ...after('outage_to_compensate', compensateMinutes)]
}

/** A new appointment, another reply or a second handling is watched anew. */
export function markOf(what: WatchedThing, ticket: Ticket, dueAt: Instant): string {
  return `watch|${what}|${String(ticket.handlings.length - 1)}@${String(dueAt)}`
}
