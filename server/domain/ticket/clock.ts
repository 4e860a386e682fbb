import type { ClockKey, ClockSeverity, ClockState, TicketKind } from '#contract/vocabulary.ts'
import type { WorkCalendar } from '../policy/calendar.ts'
import type { ClockRule, ClockStart } from '../policy/clock-rule.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import type { Instant } from '../instant.ts'
import type { Handling, Stint, Ticket } from './ticket.ts'

/** The rules that clocks are reckoned by: the policy in force and the working days. */
export interface Rules {
  readonly policy: PolicyPack
  readonly calendar: WorkCalendar
  /** Which edition of the policy this is; undefined where none are kept. */
  readonly edition?: string
  /** Editions that were in force before, by id (own-rules.ts). */
  readonly older?: ReadonlyMap<string, Rules>
}

/** One limit of one ticket with its arithmetic. Instants in ms. */
export interface Clock {
  readonly key: ClockKey
  /** Which run of the key: `handling`, `handling.stint`, or the extension's id. */
  readonly run: string
  readonly clause: string
  readonly startEvent: string
  readonly startAt?: Instant
  readonly limitMinutes?: number
  readonly excludedMs: number
  readonly dueAt?: Instant
  readonly extendedDueAt?: Instant
  readonly stoppedAt?: Instant
  /** Every due instant that passed unstopped: its own first, an extended one after it. */
  readonly breaches: readonly Instant[]
  readonly severity: ClockSeverity
  readonly state: ClockState
}

/** One run of work that clocks belong to: a handling and, where it has begun, one dispatch of it. */
export interface Span {
  readonly ticket: Ticket
  readonly handling: Handling
  readonly handlingIndex: number
  readonly stint: Stint | undefined
  readonly stintIndex: number
}

export type KindClockRule = ClockRule & { readonly start: Exclude<ClockStart, 'repair'> }

type RulesOfKind = Partial<Record<ClockKey, KindClockRule>>

/** Asked some ten times for each ticket of a sweep, and the same as long as the pack is. */
const known = new WeakMap<PolicyPack, Partial<Record<TicketKind, RulesOfKind>>>()

/** The rule of a key for a kind, with the kind's own clause, severity and start. */
export function ruleFor(policy: PolicyPack, kind: TicketKind, key: ClockKey): KindClockRule {
  let byKind = known.get(policy)
  if (byKind === undefined) known.set(policy, (byKind = {}))
  const rules = (byKind[kind] ??= {})
  return (rules[key] ??= makeRule(policy, kind, key))
}

function makeRule(policy: PolicyPack, kind: TicketKind, key: ClockKey): KindClockRule {
  const rule = policy.clocks[key]
  const own = { ...rule, ...rule.byKind?.[kind] }
  if (own.start !== 'repair') {
    const fromAccept = key === 'arrive' && kind === 'primary_leak' && policy.flags.arrive_from === 'accept'
    return { ...own, start: fromAccept ? 'effective_accept' : own.start }
  }
  const headline = policy.kinds[kind].headline
  const { start } = policy.clocks[headline]
  if (start === 'repair') throw new Error(`${headline} of ${kind} would start with itself`)
  return { ...own, start }
}

/** Is the facility run by somebody else, so that contact counts and arrival is only measured (A7)? */
export function isThirdParty(ticket: Ticket, policy: PolicyPack): boolean {
  return policy.kinds[ticket.kind].onSite === 'own_facility' && ticket.managedBy !== 'own'
}

/** Does the unit's own crew go there? */
export function isVisited(ticket: Ticket, policy: PolicyPack): boolean {
  return policy.kinds[ticket.kind].onSite !== 'none' && !isThirdParty(ticket, policy)
}

export function earliest(...instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((at) => at !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** The later of all, once all have happened. */
export function latest(...instants: readonly (Instant | undefined)[]): Instant | undefined {
  const known = instants.filter((at) => at !== undefined)
  return known.length < instants.length ? undefined : Math.max(...known)
}
