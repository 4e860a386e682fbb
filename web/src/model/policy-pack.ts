import { articleOf } from '../base/i18n/clause.ts'
import type { Sentence } from '#contract/incident.ts'
import type { ClockKey, ClockSeverity, Level, TicketKind } from '#contract/vocabulary.ts'

/** What the page reads of `GET /policy`. */
export interface PolicyView {
  readonly title: Sentence
  readonly publishedAt: string
  readonly legalBasis: string
  readonly hotline: string
  readonly levels: Readonly<
    Record<Level, { name: Sentence; clause: string; closeMinutes: number; atOnce: boolean }>
  >
  readonly kinds: Readonly<Record<TicketKind, KindView>>
  readonly clocks: Readonly<Record<ClockKey, PolicyClock>>
  readonly clauses: Readonly<Record<string, string>>
  readonly reviewLevels?: readonly {
    readonly name: Sentence
    readonly targetMinutes?: number
    readonly role?: 'dispatcher' | 'service'
    readonly inferred?: string
  }[]
  readonly settings: {
    readonly noticeLeadMinutes: number
    readonly reviewTargetMinutes: number
    readonly maxShelvingMinutes?: number
  }
}
interface KindView {
  readonly name: Sentence
  readonly clause: string
  readonly level: Level
  readonly clocks: readonly ClockKey[]
  readonly headline: ClockKey
  readonly extension: 'allowed' | 'override' | 'refused'
  readonly inferred?: string
}
export interface PolicyClock {
  readonly name: Sentence
  readonly clause: string
  readonly start: string
  readonly stop: string
  readonly limitBy: 'minutes' | 'level' | 'same_day' | 'working_days'
  readonly limitMinutes?: number
  readonly workingDays?: number
  /** In force once the unit has stated that `when` holds. */
  readonly secondLimit?: { readonly limitMinutes: number; readonly when: Sentence; readonly clause?: string }
  readonly severity: ClockSeverity
  readonly breach: 'breach' | 'advice' | 'measured'
  readonly inferred?: string
}

/** Clauses in the order of the document: 第三条3 before 第三条7 before 第四条A before 第八条1. */
export function clauseOrder(clause: string): number {
  const found = articleOf(clause)
  if (found === undefined) return Infinity
  const [, part = '', item = '0', sub = '0'] = /^([AB]?)(\d+)?(?:\((\d+)\))?/.exec(found.rest) ?? []
  // Where two articles have one number, B is printed after the next one: 第四条B after 第五条.
  const base = found.article * 10 + (part === 'B' ? 15 : 0)
  return base * 10_000 + Number(item) * 100 + Number(sub)
}

/** What each clause of the policy says to the system, in the order of the document. */
export function byClause(
  policy: PolicyView,
): readonly {
  readonly clause: string
  readonly kinds: readonly TicketKind[]
  readonly clocks: readonly ClockKey[]
  readonly duties: readonly string[]
}[] {
  const keys = <K extends string>(record: Readonly<Record<K, unknown>>): K[] => Object.keys(record) as K[]
  const [kinds, clocks, duties] = [keys(policy.kinds), keys(policy.clocks), keys(policy.clauses)]
  const all = new Set([
    ...kinds.map((kind) => policy.kinds[kind].clause),
    ...clocks.map((key) => policy.clocks[key].clause),
    ...Object.values(policy.clauses),
  ])
  return [...all]
    .sort((a, b) => clauseOrder(a) - clauseOrder(b) || a.localeCompare(b))
    .map((clause) => ({
      clause,
      kinds: kinds.filter((kind) => policy.kinds[kind].clause === clause),
      clocks: clocks.filter((key) => policy.clocks[key].clause === clause),
      duties: duties.filter((duty) => policy.clauses[duty] === clause),
    }))
}
