import { RETURN_REASONS } from '#contract/commands/closing.ts'
import type { Figures, Share, Span } from '#contract/kpi.ts'
import { CLOCK_KEYS } from '#contract/vocabulary.ts'
import { MINUTE, type Instant } from '../instant.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import { BREACH_CAUSES } from '../ticket/cause.ts'
import type { ClockResult, CountedFact, TicketFact } from './fact.ts'
import type { MeasuredSpan } from './measured.ts'

/** One incident that both a sensor and a caller spoke of. */
export interface Lead {
  readonly findingAt: Instant
  readonly callAt: Instant
}

/** Sums facts into figures. Exercises and tickets merged into others are left out beforehand. */
export function figuresOf(
  facts: readonly CountedFact[],
  leads: readonly Lead[],
  policy: PolicyPack,
): Figures {
  const sum = (of: (fact: TicketFact) => number): number =>
    facts.reduce((before, { fact, times }) => before + times * of(fact), 0)
  const count = (test: (fact: TicketFact) => boolean): number => sum((fact) => Number(test(fact)))
  const unfounded = (fromSensor: boolean): Share =>
    share(
      count((fact) => fact.fromSensor === fromSensor && fact.outcome === 'unfounded'),
      count((fact) => fact.fromSensor === fromSensor && isClosed(fact)),
    )
  const measured = (name: MeasuredSpan): Span => span(facts.flatMap((fact) => fact.measured[name] ?? []))
  const clocks = clocksOf(facts, policy)
  const answers = clocks.find(({ key }) => key === 'answer_extension')
  const callbacks = clocks.find(({ key }) => key === 'call_back')
  return {
    tickets: count(() => true),
    open: count(({ outcome }) => outcome === 'open'),
    clocks,
    firstArrival: share(
      count(({ firstArrival }) => firstArrival === true),
      count(({ firstArrival }) => firstArrival !== undefined),
    ),
    breachCauses: countEach(BREACH_CAUSES, facts, ({ causes }) => causes),
    returned: share(
      count(({ returns }) => returns.length > 0),
      count((fact) => fact.returns.length > 0 || isClosed(fact)),
    ),
    returnReasons: countEach(RETURN_REASONS, facts, ({ returns }) => returns),
    extensions: {
      requested: sum(({ extensions }) => extensions.length),
      answered: sum(({ extensions }) => extensions.filter(({ answered }) => answered).length),
      answeredInTime: share(answers?.onTime ?? 0, counted(answers)),
      approved: sum(({ extensions }) => extensions.filter(({ approved }) => approved).length),
    },
    callbacksInTime: share(callbacks?.onTime ?? 0, counted(callbacks)),
    satisfied: share(
      sum(({ satisfied }) => satisfied.filter(Boolean).length),
      sum(({ satisfied }) => satisfied.length),
    ),
    unreached: sum(({ unreached }) => unreached),
    unfoundedSensor: unfounded(true),
    unfoundedCall: unfounded(false),
    answeredDirectly: share(
      count(({ fromSensor, outcome }) => !fromSensor && outcome === 'answered'),
      count(({ fromSensor }) => !fromSensor),
    ),
    hidden: measured('hidden'),
    pace: { notified: measured('notified'), planned: measured('planned'), repaired: measured('repaired') },
    sensorLead: span(leads.map(({ findingAt, callAt }) => callAt - findingAt)),
    sensorFirst: share(leads.filter(({ findingAt, callAt }) => findingAt < callAt).length, leads.length),
  }
}

/** `of` 0 gives no share: nothing happened that could have been on time. */
export function share(count: number, of: number): Share {
  return { count, of, share: of === 0 ? null : count / of }
}

function counted(clock: Figures['clocks'][number] | undefined): number {
  return clock === undefined ? 0 : clock.onTime + clock.late + clock.overdue
}

function isClosed({ outcome }: TicketFact): boolean {
  return outcome !== 'open' && outcome !== 'answered'
}

/** On time / (finished + still open and overdue), for each clock that counts. */
function clocksOf(facts: readonly CountedFact[], policy: PolicyPack): Figures['clocks'] {
  const results = new Map(CLOCK_KEYS.map((key) => [key, { on_time: 0, late: 0, overdue: 0 }]))
  for (const { fact, times } of facts) {
    for (const [key, result] of fact.clocks) {
      const sums: Record<ClockResult, number> | undefined = results.get(key)
      if (sums !== undefined) sums[result] += times
    }
  }
  return CLOCK_KEYS.filter((key) => policy.clocks[key].breach !== 'measured').map((key) => {
    const { on_time: onTime = 0, late = 0, overdue = 0 } = results.get(key) ?? {}
    const { clause, name } = policy.clocks[key]
    const { share: onTimeShare } = share(onTime, onTime + late + overdue)
    return { key, clause, name, onTime, late, overdue, share: onTimeShare }
  })
}

function countEach<Name extends string>(
  names: readonly Name[],
  facts: readonly CountedFact[],
  seen: (fact: TicketFact) => readonly Name[],
): Record<Name, number> {
  const counts = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>
  for (const { fact, times } of facts) for (const name of seen(fact)) counts[name] += times
  return counts
}

/** Minutes, one decimal; null of none. */
function span(valuesMs: readonly number[]): Span {
  if (valuesMs.length === 0) return { count: 0, meanMinutes: null, medianMinutes: null, mostMinutes: null }
  const sorted = Float64Array.from(valuesMs).sort()
  const middle = sorted.length / 2
  const median = ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
  return {
    count: sorted.length,
    meanMinutes: minutes(mean),
    medianMinutes: minutes(median),
    mostMinutes: minutes(sorted.at(-1) ?? 0),
  }
}

function minutes(ms: number): number {
  return Math.round((ms / MINUTE) * 10) / 10
}
