import { MINUTE, type Instant } from '../instant.ts'
import { type Clock, type Rules, ruleFor, type Span } from './clock.ts'
import { deemedAt, planAutoStart } from './clock-starts.ts'
import { clocksOfKey, firstDue, limitOf, spansOf } from './clocks.ts'
import { rulesOf } from './own-rules.ts'
import type { Ticket } from './ticket.ts'

/** The one due time that a screen counts down to (`dueAt`). */
export interface Headline {
  readonly clock: Clock
  readonly dueAt: Instant
  /** The clock has not started: every missing step is taken to happen at its limit. */
  readonly provisional: boolean
}

export function headlineOf(ticket: Ticket, inForce: Rules, at: Instant): Headline {
  const rules = rulesOf(ticket, inForce)
  const [span] = spansOf(ticket)
  const key = rules.policy.kinds[ticket.kind].headline
  return headlineFrom(span === undefined ? [] : clocksOfKey(key, span, rules, at), ticket, rules)
}

/** The same from clocks that have been reckoned: of a key the current one stands first. */
export function headlineFrom(clocks: readonly Clock[], ticket: Ticket, rules: Rules): Headline {
  const { headline: key } = rules.policy.kinds[ticket.kind]
  const clock = clocks.find((each) => each.key === key)
  const [span] = spansOf(ticket)
  if (clock === undefined || span === undefined) throw new Error(`${ticket.kind} has no ${key}`)
  const dueAt = clock.extendedDueAt ?? clock.dueAt
  if (dueAt !== undefined) return { clock, dueAt, provisional: false }
  const rule = ruleFor(rules.policy, ticket.kind, key)
  const start = assumedStart(span, rules)
  return { clock, dueAt: firstDue(rule, start, limitOf(rule, ticket, rules), rules), provisional: true }
}

/** Is the headline clock still counting? Decides which ticket gives an incident its level. */
export function isCounting({ clock }: Headline): boolean {
  return clock.stoppedAt === undefined && clock.state !== 'cancelled' && clock.state !== 'met'
}

function assumedStart(span: Span, rules: Rules): Instant {
  const { policy } = rules
  const { kind } = span.ticket
  const { start } = ruleFor(policy, kind, policy.kinds[kind].headline)
  if (start === 'received') return span.handling.startAt
  const rejectedAt = span.handling.stints.at(-1)?.rejectedAt ?? span.handling.startAt
  const onTime = span.handling.startAt + (policy.clocks.dispatch.limitMinutes ?? 0) * MINUTE
  const stint = span.stint ?? { dispatchedAt: Math.max(onTime, rejectedAt), departmentId: '' }
  if (start === 'dispatched') return stint.dispatchedAt
  if (start === 'effective_accept') return Math.min(stint.acceptedAt ?? Infinity, deemedAt(stint, policy))
  const auto = planAutoStart({ ...span, stint }, policy)
  if (auto === undefined) throw new Error(`no assumed start for ${kind}`)
  const { arrivedAt } = span.handling
  const wait = policy.settings.planAutoStartMinutes * MINUTE
  return arrivedAt === undefined ? auto : Math.min(auto, arrivedAt + wait)
}
