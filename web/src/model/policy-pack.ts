import { articleOf } from '../base/i18n/clause.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { ClockKey, ClockSeverity, Level, TicketKind } from '#contract/vocabulary.ts'

/** What the page reads of `GET /policy`. */
export interface PolicyView {
  readonly title: LocalizedText
  readonly publishedAt: string
  readonly legalBasis: string
  readonly hotline: string
  readonly levels: Readonly<
    Record<Level, { name: LocalizedText; clause: string; closeMinutes: number; atOnce: boolean }>
  >
  readonly kinds: Readonly<Record<TicketKind, KindView>>
  readonly clocks: Readonly<Record<ClockKey, PolicyClock>>
  readonly clauses: Readonly<Record<string, string>>
  readonly reviewLevels?: readonly {
    readonly name: LocalizedText
    readonly targetMinutes?: number
    readonly role?: 'dispatcher' | 'service'
    readonly inferred?: string
  }[]
  readonly settings: { readonly noticeLeadMinutes: number; readonly reviewTargetMinutes: number }
}
interface KindView {
  readonly name: LocalizedText
  readonly clause: string
  readonly level: Level
  readonly emergency: boolean
  readonly intake: readonly ('address' | 'callerPhone' | 'began' | 'scene')[]
  readonly clocks: readonly ClockKey[]
  readonly headline: ClockKey
  readonly extension: 'allowed' | 'override' | 'refused'
  readonly inferred?: string
}
export interface PolicyClock {
  readonly name: LocalizedText
  readonly clause: string
  readonly start: string
  readonly stop: string
  readonly limitBy: 'minutes' | 'level' | 'same_day' | 'working_days'
  readonly limitMinutes?: number
  readonly workingDays?: number
  /** In force once the unit has stated that `when` holds. */
  readonly secondLimit?: {
    readonly limitMinutes: number
    readonly when: LocalizedText
    readonly clause?: string
  }
  readonly severity: ClockSeverity
  readonly breach: 'breach' | 'advice' | 'measured'
  readonly inferred?: string
}

/** Clauses by the number of their article, those with a letter behind it, then by paragraph and item. */
export function clauseOrder(clause: string): number {
  const found = articleOf(clause)
  if (found === undefined) return Infinity
  const [, letter = '', item = '0', sub = '0'] = /^([A-Z]?)(\d+)?(?:\((\d+)\))?/.exec(found.rest) ?? []
  const suffix = letter === '' ? 0 : letter.charCodeAt(0) - 64
  return ((found.article * 100 + suffix) * 100 + Number(item)) * 100 + Number(sub)
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
