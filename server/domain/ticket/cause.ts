import type { Instant } from '../instant.ts'
import { type Clock, ruleFor, type Rules, type Span } from './clock.ts'
import { planAutoStart } from './clock-starts.ts'
import { spansOf } from './clocks.ts'
import { rulesOf } from './own-rules.ts'
import type { Ticket } from './ticket.ts'

/** Why a clock ran out, the first that applies. */
export const BREACH_CAUSES = ['extension_pending', 'mis_dispatch', 'plan_missing', 'other'] as const
export type BreachCause = (typeof BREACH_CAUSES)[number]

/**
 * The cause of a breached clock as it stands at `at`: the answer to an extension was outstanding (Ex 3b);
 * it would have been on time without the time at the wrong department (A28); nobody confirmed a plan (A12).
 */
export function breachCause(clock: Clock, ticket: Ticket, inForce: Rules, at: Instant): BreachCause {
  const rules = rulesOf(ticket, inForce)
  const [breachedAt] = clock.breaches
  if (breachedAt === undefined) return 'other'
  if (isExtensionPending(clock, ticket, breachedAt)) return 'extension_pending'
  const span = spansOf(ticket).find((each) => String(each.handlingIndex) === clock.run.split('.')[0])
  if (span === undefined) return 'other'
  const rule = ruleFor(rules.policy, ticket.kind, clock.key)
  const overrun = (clock.stoppedAt ?? at) - breachedAt
  const startsAnew = rule.start !== 'received' && rule.start !== 'slip'
  if (!startsAnew && overrun <= misDispatchedMs(span, at)) return 'mis_dispatch'
  if (rule.start !== 'plan') return 'other'
  const auto = planAutoStart(span, rules.policy)
  const { planAt = Infinity } = span.handling
  return auto !== undefined && auto < planAt && clock.startAt === auto ? 'plan_missing' : 'other'
}

/** Was an answer outstanding, or an approval not yet in force, at that instant? */
export function isExtensionPending({ key }: Clock, ticket: Ticket, at: Instant): boolean {
  if (key === 'answer_extension') return false
  return ticket.extensions.some(
    ({ requestedAt, effectiveAt, approved }) =>
      requestedAt <= at && (effectiveAt === undefined || effectiveAt > at) && approved !== false,
  )
}

/** From each dispatch that was rejected to the next one, or to `at`. */
function misDispatchedMs({ handling }: Pick<Span, 'handling'>, at: Instant): number {
  return handling.stints.reduce((sum, { dispatchedAt, rejectedAt }, index) => {
    if (rejectedAt === undefined) return sum
    return sum + (handling.stints[index + 1]?.dispatchedAt ?? at) - dispatchedAt
  }, 0)
}
