import type { ClockKey, Level, TicketKind } from '#contract/vocabulary.ts'
import { MINUTE, type Instant } from '../instant.ts'
import { dayEnd, timeOnDay, workingDayEnd } from '../policy/calendar.ts'
import type { ClockRule } from '../policy/clock-rule.ts'
import { type Clock, isThirdParty, type Rules, ruleFor, type Span } from './clock.ts'
import { startOf } from './clock-starts.ts'
import { cancelOf, excludesReview, stopOf } from './clock-stops.ts'
import { answerClocks } from './extension-clock.ts'
import { rulesOf } from './own-rules.ts'
import { type DueChange, reckon } from './reckon.ts'
import type { Handling, Ticket } from './ticket.ts'

const OF_A_DISPATCH = ['dispatched', 'effective_accept', 'plan']

/**
 * Every clock of a ticket at the instant `at`, computed from nothing but its history and the policy. The
 * current ones come first, `pending` until they start; the clocks of rejected dispatches and of earlier
 * handlings follow. To see the past, fold the events entered until then.
 */
export function clocksOf(ticket: Ticket, inForce: Rules, at: Instant): readonly Clock[] {
  const rules = rulesOf(ticket, inForce)
  const spans = spansOf(ticket)
  const [current, ...older] = spans
  if (current === undefined) return []
  const keys = rules.policy.kinds[ticket.kind].clocks
  const now = keys.flatMap((key) => clocksOfKey(key, current, rules, at))
  const before = older.flatMap((span) =>
    keys
      .filter((key) => isOwn(key, span, spans, { kind: ticket.kind, rules }))
      .flatMap((key) => clocksOfKey(key, span, rules, at)),
  )
  return [...now, ...before, ...formerClocks(ticket, rules, at)]
}

/** Clocks of what the ticket was taken for, as they ended with the correction; no breach is undone (A35). */
function formerClocks(ticket: Ticket, rules: Rules, at: Instant): readonly Clock[] {
  const { kinds } = rules.policy
  return (ticket.formerKinds ?? []).flatMap(({ kind, until }) => {
    const keys = kinds[kind].clocks.filter((key) => !kinds[ticket.kind].clocks.includes(key))
    const handlings = ticket.handlings.map(({ kindStartAt: _later, ...handling }) => ({
      ...handling,
      closedAt: Math.min(handling.closedAt ?? Infinity, until),
    }))
    const spans = spansOf({ ...ticket, kind, handlings }).filter(({ handling }) => handling.startAt < until)
    return keys.flatMap((key) =>
      spans
        .filter((span) => isOwn(key, span, spans, { kind, rules }))
        .flatMap((span) => clocksOfKey(key, span, rules, at)),
    )
  })
}

/** The clocks of one key in one run of work: one, or one for each extension asked for. */
export function clocksOfKey(key: ClockKey, span: Span, rules: Rules, at: Instant): readonly Clock[] {
  const rule = ruleFor(rules.policy, span.ticket.kind, key)
  return rule.start === 'extension_requested'
    ? answerClocks(rule, span, rules, at)
    : [clockOf(key, span, rules, at)]
}

/** A clock that starts with the report belongs to the handling, and is listed with its newest dispatch. */
function isOwn(
  key: ClockKey,
  span: Span,
  spans: readonly Span[],
  { kind, rules }: { readonly kind: TicketKind; readonly rules: Rules },
): boolean {
  if (OF_A_DISPATCH.includes(ruleFor(rules.policy, kind, key).start)) return true
  return spans.find((each) => each.handlingIndex === span.handlingIndex) === span
}

/** Newest first: the dispatch in force, or the wait for one; then rejected ones, then earlier handlings. */
export function spansOf(ticket: Ticket): readonly Span[] {
  return ticket.handlings.flatMap((handling, index) => spansOfHandling(ticket, handling, index)).reverse()
}

function spansOfHandling(ticket: Ticket, handling: Handling, handlingIndex: number): Span[] {
  const spans: Span[] = handling.stints.map((stint, stintIndex) => ({
    ticket,
    handling,
    handlingIndex,
    stint,
    stintIndex,
  }))
  const last = handling.stints.at(-1)
  const waiting = last === undefined || last.rejectedAt !== undefined
  if (!waiting) return spans
  return [...spans, { ticket, handling, handlingIndex, stint: undefined, stintIndex: spans.length }]
}

function clockOf(key: ClockKey, span: Span, rules: Rules, at: Instant): Clock {
  const { policy } = rules
  const { ticket } = span
  const rule = ruleFor(policy, ticket.kind, key)
  const ofDispatch = OF_A_DISPATCH.includes(rule.start)
  const measured = key === 'arrive' && isThirdParty(ticket, policy)
  const stop = stopOf(rule.stop, span, policy)
  const cancelled = cancelOf(rule.stop, ofDispatch ? span : { ...span, stint: undefined })
  const cancelledFirst = cancelled !== undefined && (stop === undefined || cancelled < stop)
  const end = cancelledFirst ? cancelled : stop
  const { hinderedAt = Infinity } = span.handling
  const second = hinderedAt <= (end ?? at) ? rule.secondLimit : undefined
  const limitMinutes = second?.limitMinutes ?? limitOf(rule, { level: levelAt(ticket, end ?? at) }, rules)
  const clock = {
    key,
    run: ofDispatch ? `${String(span.handlingIndex)}.${String(span.stintIndex)}` : String(span.handlingIndex),
    clause: rule.clause,
    startEvent: rule.start,
    severity: measured ? ('grey' as const) : rule.severity,
    ...(limitMinutes === undefined ? {} : { limitMinutes }),
  }
  const startAt = startOf(rule, rule.start, span, { policy, at })
  if (startAt === undefined || (cancelledFirst && cancelled < startAt)) {
    return { ...clock, excludedMs: 0, breaches: [], state: cancelledFirst ? 'cancelled' : 'pending' }
  }
  const changes = [...changesOf(rule, span, startAt, rules), ...levelChanges(rule, ticket, startAt, rules)]
  const first = limitOf(rule, { level: levelAt(ticket, startAt) }, rules)
  const sum = reckon(firstDue(rule, startAt, first, rules), changes, end ?? at)
  const late = sum.breaches.length > 0
  const ended = cancelledFirst && !late ? {} : end === undefined ? {} : { stoppedAt: end }
  const state = late ? 'breached' : cancelledFirst ? 'cancelled' : end === undefined ? 'running' : 'met'
  return { ...clock, startAt, ...sum, ...ended, state }
}

/** Limit in minutes; undefined for limits that end with a day. */
export function limitOf(
  rule: ClockRule,
  ticket: Pick<Ticket, 'level'>,
  { policy }: Rules,
): number | undefined {
  if (rule.limitBy === 'level') return policy.levels[ticket.level].closeMinutes
  return rule.limitBy === 'minutes' ? rule.limitMinutes : undefined
}

export function firstDue(
  rule: ClockRule,
  startAt: Instant,
  limitMinutes: number | undefined,
  rules: Rules,
): Instant {
  if (limitMinutes !== undefined) return startAt + limitMinutes * MINUTE
  if (rule.limitBy === 'working_days') {
    return workingDayEnd(startAt, rule.workingDays ?? 1, rules.calendar).dueAt
  }
  const { same_day_cutoff: cutoff = null, same_day_next: next } = rules.policy.flags
  if (cutoff !== null && startAt > timeOnDay(startAt, cutoff))
    return timeOnDay(dayEnd(startAt) + MINUTE, next)
  return dayEnd(startAt)
}

function changesOf(rule: ClockRule, span: Span, startAt: Instant, { policy }: Rules): readonly DueChange[] {
  const changes: DueChange[] = []
  if (excludesReview(rule.stop) && policy.flags.review_time === 'excluded') {
    for (const { at, reviewedAt, passed } of span.handling.submissions) {
      if (passed === false && reviewedAt !== undefined && reviewedAt > startAt)
        changes.push({ kind: 'exclude', at: Math.max(at, startAt), until: reviewedAt })
    }
  }
  const { hinderedAt } = span.handling
  if (rule.secondLimit !== undefined && hinderedAt !== undefined) {
    const byMs = (rule.secondLimit.limitMinutes - (rule.limitMinutes ?? 0)) * MINUTE
    changes.push({ kind: 'relimit', at: hinderedAt, byMs })
  }
  if (!rule.extendable) return changes
  for (const { handling, effectiveAt, dueAt } of span.ticket.extensions) {
    if (handling === span.handlingIndex && effectiveAt !== undefined) {
      changes.push({ kind: 'extend', at: effectiveAt, dueAt })
    }
  }
  return changes
}

/** The level in force at an instant; before the first, the first. */
function levelAt({ level, levels }: Ticket, at: Instant): Level {
  return (levels.findLast((each) => each.at <= at) ?? levels[0])?.level ?? level
}

/** What a change of level does to a limit by level, from its entry on. */
function levelChanges(rule: ClockRule, ticket: Ticket, startAt: Instant, rules: Rules): readonly DueChange[] {
  if (rule.limitBy !== 'level') return []
  const later = ticket.levels.filter(({ at }, index) => index > 0 && at > startAt)
  return later.map(({ level, at }) => {
    const before = levelAt(ticket, at - 1)
    const minutes = (limitOf(rule, { level }, rules) ?? 0) - (limitOf(rule, { level: before }, rules) ?? 0)
    return { kind: 'relimit', at, byMs: minutes * MINUTE }
  })
}
