import { isPast, MINUTE, type Instant } from '../instant.ts'
import type { ClockRule, ClockStart, ClockStop } from '../policy/clock-rule.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import { earliest, ruleFor, type Span } from './clock.ts'
import { stopOf } from './clock-stops.ts'
import { handlingOf, stintOf, type Stint, type Ticket } from './ticket.ts'

type Start = Exclude<ClockStart, 'repair'>

/** Duties of the desks and of acceptance, which a ticket of any kind had from the beginning. */
const WHATEVER_KIND: readonly ClockStop[] = [
  'dispatched',
  'accepted',
  'assigned',
  'callback',
  'extension_answered',
]

/** When a clock of this span starts; undefined as long as that has not happened by `at`. */
export function startOf(rule: ClockRule, start: Start, span: Span, facts: Facts): Instant | undefined {
  const found = eventOf(start, span, facts)
  const { kindStartAt } = span.handling
  const isOfKind = kindStartAt !== undefined && !WHATEVER_KIND.includes(rule.stop)
  const begun = isOfKind && found !== undefined ? Math.max(found, kindStartAt) : found
  if (rule.stop !== 'reporter_contact' || begun === undefined) return begun
  const caller = span.ticket.calls[0]
  return caller === undefined ? undefined : Math.max(begun, caller.linkedAt)
}

interface Facts {
  readonly policy: PolicyPack
  readonly at: Instant
}

function eventOf(start: Start, span: Span, { policy, at }: Facts): Instant | undefined {
  switch (start) {
    case 'received':
      return receivedAt(span, policy)
    case 'dispatched':
      return span.stint?.dispatchedAt
    case 'effective_accept':
      return span.stint === undefined ? undefined : effectiveAccept(span.stint, policy, at)
    case 'plan':
      return planStart(span, policy, at)
    case 'slip': {
      const slip = span.handling.submissions.find((each) => each.passed === true)
      if (slip === undefined || span.ticket.calls.length === 0) return undefined
      return policy.flags.callback_from === 'reviewed' ? slip.reviewedAt : slip.at
    }
    case 'extension_requested':
      return undefined
  }
}

function receivedAt(span: Span, policy: PolicyPack): Instant {
  const { eventAt, openedAt } = span.ticket
  const { startAt } = span.handling
  const strict = policy.flags.sensor_start === 'event_time' && startAt === openedAt
  return strict && eventAt !== undefined ? Math.min(eventAt, startAt) : startAt
}

/** `min(accepted, dispatched + 10 min)`: leaving a ticket unsigned delays nothing. */
function effectiveAccept(stint: Stint, policy: PolicyPack, at: Instant): Instant | undefined {
  const { acceptedAt, rejectedAt = Infinity } = stint
  const deemed = deemedAt(stint, policy)
  const accepted = earliest(acceptedAt, isPast(deemed, Math.min(at, rejectedAt)) ? deemed : undefined)
  return accepted !== undefined && accepted < rejectedAt ? accepted : undefined
}

/** Signed for, or past the window to do so: the work is the unit's (第三条3). */
export function countsAsAccepted(ticket: Ticket, policy: PolicyPack, at: Instant): boolean {
  const stint = stintOf(handlingOf(ticket))
  return stint !== undefined && (stint.acceptedAt !== undefined || isPast(deemedAt(stint, policy), at))
}

export function deemedAt(stint: Stint, policy: PolicyPack): Instant {
  return stint.dispatchedAt + policy.settings.deemedAcceptMinutes * MINUTE
}

/** When the repair clock of a primary leak starts by itself, should nobody confirm a plan (A12). */
export function planAutoStart(span: Span, policy: PolicyPack): Instant | undefined {
  if (span.stint === undefined) return undefined
  const onSite = ruleFor(policy, span.ticket.kind, 'arrive')
  const from =
    onSite.start === 'effective_accept'
      ? (earliest(span.stint.acceptedAt, deemedAt(span.stint, policy)) ?? span.stint.dispatchedAt)
      : span.stint.dispatchedAt
  const wait = policy.settings.planAutoStartMinutes * MINUTE
  const standIn = from + (onSite.limitMinutes ?? 0) * MINUTE + wait
  const { arrivedAt } = span.handling
  // A clock that the missing arrival has started is not stopped by an arrival after it.
  return arrivedAt === undefined || arrivedAt > standIn ? standIn : arrivedAt + wait
}

function planStart(span: Span, policy: PolicyPack, at: Instant): Instant | undefined {
  const auto = planAutoStart(span, policy)
  if (auto === undefined) return undefined
  const repaired = stopOf('repaired_heat', span, policy)
  const start = earliest(span.handling.planAt, auto, repaired)
  return start !== undefined && start <= at ? start : undefined
}
