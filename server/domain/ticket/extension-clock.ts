import { HOUR, MINUTE, type Instant } from '../instant.ts'
import type { ClockRule } from '../policy/clock-rule.ts'
import { type Clock, earliest, type Rules, type Span } from './clock.ts'
import { reckon } from './reckon.ts'
import type { Extension } from './ticket.ts'

/** The clocks of the desk's answers, one for each extension asked for in this handling, newest first; pending while none is (A19). */
export function answerClocks(rule: ClockRule, span: Span, rules: Rules, at: Instant): readonly Clock[] {
  const base = {
    key: 'answer_extension' as const,
    clause: rule.clause,
    startEvent: rule.start,
    severity: rule.severity,
    excludedMs: 0,
  }
  const closed = earliest(span.handling.closedAt, span.ticket.merged?.at)
  const asked = span.ticket.extensions.filter((each) => each.handling === span.handlingIndex)
  if (asked.length === 0) {
    const state = closed === undefined ? 'pending' : 'cancelled'
    return [{ ...base, run: String(span.handlingIndex), breaches: [], state }]
  }
  return asked.toReversed().map((extension) => {
    const limitMs = answerLimit(rule, extension, span, rules)
    const dueAt = extension.requestedAt + limitMs
    const { answeredAt } = extension
    const end = answeredAt ?? closed
    const { breaches } = reckon(dueAt, [], end ?? at)
    const dropped = answeredAt === undefined && closed !== undefined
    const late = breaches.length > 0
    return {
      ...base,
      run: extension.id,
      startAt: extension.requestedAt,
      limitMinutes: limitMs / MINUTE,
      dueAt,
      ...(end === undefined || (dropped && !late) ? {} : { stoppedAt: end }),
      breaches,
      state: late ? 'breached' : dropped ? 'cancelled' : end === undefined ? 'running' : 'met',
    }
  })
}

/** Literally 24 h; by flag, for kinds other than not_hot, at most half of what was left (A19). */
function answerLimit(rule: ClockRule, extension: Extension, span: Span, { policy }: Rules): number {
  const literal = rule.limitMinutes === undefined ? 24 * HOUR : rule.limitMinutes * MINUTE
  const half = policy.flags.extension_answer === 'half_remaining' && span.ticket.kind !== 'not_hot'
  if (!half || extension.remainingMs === undefined) return literal
  return Math.min(literal, Math.max(0, extension.remainingMs / 2))
}
