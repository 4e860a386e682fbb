import type { CallView } from '#contract/hotline.ts'
import type { ActorView, ClockView, TicketEventView, TicketView } from '#contract/ticket.ts'
import type { Actor } from '../access/actor.ts'
import { instantText, isPast, MINUTE, type Instant } from '../instant.ts'
import type { Assessment } from './assessment.ts'
import type { Clock, Rules } from './clock.ts'
import type { TicketEvent } from './event.ts'
import { flagsOf } from './flags.ts'
import { dueReview } from './review-level.ts'
import { appointmentsOf, type Handling, handlingOf, isDone, type Ticket } from './ticket.ts'

/**
 * A ticket as the API shows it at `at`, callers' numbers whole. For the past,
 * hand in the ticket and events as they had been entered by then.
 */
export function ticketView(
  assessment: Assessment,
  known: { readonly events: readonly TicketEvent[]; readonly calls: readonly CallView[] },
): TicketView {
  const { ticket, at, rules, inForce, clocks, headline } = assessment
  const { id, number, version, kind, level, source, state, assetId, position, address, incidentId } = ticket
  return {
    id,
    number,
    version,
    kind,
    level,
    source,
    state,
    ...(assetId === undefined ? {} : { assetId }),
    ...(position === undefined ? {} : { position: [position[0], position[1]] }),
    ...(address === undefined ? {} : { address }),
    ...(incidentId === undefined ? {} : { incidentId }),
    openedAt: instantText(ticket.openedAt),
    department: { ...ticket.department },
    dueAt: instantText(headline.dueAt),
    dueProvisional: headline.provisional && !isDone(ticket),
    clocks: clocks.map(clockView),
    events: [...historyView(known.events)],
    calls: [...known.calls],
    extensions: ticket.extensions.map(({ id: extensionId, reason, approved, ...times }) => ({
      id: extensionId,
      reason,
      dueAt: instantText(times.dueAt),
      requestedAt: instantText(times.requestedAt),
      ...(times.answeredAt === undefined ? {} : { answeredAt: instantText(times.answeredAt) }),
      ...(approved === undefined ? {} : { approved }),
      ...(times.effectiveAt === undefined ? {} : { effectiveAt: instantText(times.effectiveAt) }),
    })),
    ...policyView(rules, inForce),
    ...appointmentView(handlingOf(ticket), at),
    ...reviewView(ticket, rules),
    crewIds: [...ticket.crewIds],
    returnCount: ticket.returnCount,
    flags: [...flagsOf(assessment)],
    exercise: ticket.exercise,
    offers: [],
  }
}

/** Which policy the ticket lives by, and whether that is the one in force. */
function policyView({ policy, edition }: Rules, inForce: Rules): Pick<TicketView, 'policy'> {
  if (edition === undefined) return {}
  return { policy: { id: policy.id, edition, inForce: edition === inForce.edition } }
}

function reviewView(ticket: Ticket, { policy }: Rules): Pick<TicketView, 'review'> {
  const due = dueReview(ticket, policy)
  if (due === undefined) return {}
  const { level, levels, role, rule } = due
  const times = { since: instantText(due.since), dueAt: instantText(due.dueAt) }
  const passedBy = (handlingOf(ticket).submissions.at(-1)?.reviews ?? []).map(({ by }) => by)
  return { review: { level, levels, name: { ...rule.name }, role, ...times, passedBy } }
}

/** Of several promises the next one that is still to be kept. */
function appointmentView(handling: Handling, now: Instant): Pick<TicketView, 'appointment'> {
  const all = appointmentsOf(handling)
  const open = all.filter(({ keptAt }) => keptAt === undefined).sort((a, b) => a.at - b.at)
  const [shownNow = all[0]] = open
  if (shownNow === undefined) return {}
  const { at, madeAt, keptAt } = shownNow
  const missed = isPast(at, Math.min(now, keptAt ?? now))
  return {
    appointment: {
      at: instantText(at),
      madeAt: instantText(madeAt),
      ...(keptAt === undefined ? {} : { keptAt: instantText(keptAt) }),
      state: missed ? 'missed' : keptAt === undefined ? 'promised' : 'kept',
    },
  }
}

function clockView(clock: Clock): ClockView {
  const { key, clause, startEvent, severity, state, limitMinutes, excludedMs, breaches } = clock
  const [breachedAt] = breaches
  return {
    key,
    clause,
    startEvent,
    severity,
    state,
    ...(clock.startAt === undefined ? {} : { startAt: instantText(clock.startAt) }),
    ...(limitMinutes === undefined ? {} : { limitMinutes }),
    excludedMinutes: excludedMs / MINUTE,
    ...(clock.dueAt === undefined ? {} : { dueAt: instantText(clock.dueAt) }),
    ...(clock.extendedDueAt === undefined ? {} : { extendedDueAt: instantText(clock.extendedDueAt) }),
    ...(clock.stoppedAt === undefined ? {} : { stoppedAt: instantText(clock.stoppedAt) }),
    ...(breachedAt === undefined ? {} : { breachedAt: instantText(breachedAt) }),
  }
}

/** A history that was read never changes, and a board shows it again and again. */
const shown = new WeakMap<readonly TicketEvent[], readonly TicketEventView[]>()

function historyView(events: readonly TicketEvent[]): readonly TicketEventView[] {
  const known = shown.get(events)
  if (known !== undefined) return known
  const made = events.map(eventView)
  shown.set(events, made)
  return made
}

function eventView({ id, type, occurredAt, enteredAt, actor, data }: TicketEvent): TicketEventView {
  return {
    id,
    type,
    occurredAt: instantText(occurredAt),
    enteredAt: instantText(enteredAt),
    actor: actorView(actor),
    data: withInstants(data),
  }
}

function actorView(actor: Actor): ActorView {
  const { kind, id, name } = actor
  if (actor.kind !== 'person') return { kind, id, name }
  const { roles, departmentId } = actor
  return { kind, id, name, roles: [...roles], ...(departmentId === undefined ? {} : { departmentId }) }
}

/** Keys that end in `At` hold instants; outside they are ISO 8601. */
function withInstants(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([key, each]: [string, unknown]) => {
      if (key.endsWith('At') && typeof each === 'number') return [key, instantText(each)]
      if (typeof each !== 'object' || each === null || Array.isArray(each)) return [key, each]
      return [key, withInstants(each)]
    }),
  )
}
