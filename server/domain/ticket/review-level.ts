import type { Instant } from '../instant.ts'
import { MINUTE } from '../instant.ts'
import type { PolicyPack, ReviewLevel } from '../policy/policy-pack.ts'
import { handlingOf, type Ticket } from './ticket.ts'

/** The review that a reply waits for: which of the pack's levels, since when, and until when (A20). */
export interface DueReview {
  readonly rule: ReviewLevel
  /** From 1. */
  readonly level: number
  readonly levels: number
  readonly role: NonNullable<ReviewLevel['role']>
  /** The reply's arrival, or the passing of the level before. */
  readonly since: Instant
  /** An internal target: passing it is amber, never a breach. */
  readonly dueAt: Instant
}

/** The levels of a pack, in their order; one that lists none has one, by the dispatch centre. */
function reviewLevels({ reviewLevels: levels }: PolicyPack): readonly ReviewLevel[] {
  return levels ?? [{ name: { zh: '一级审核', en: 'level-one review' } }]
}

/** The review that is due; undefined unless a reply is under review. */
export function dueReview(ticket: Ticket, policy: PolicyPack): DueReview | undefined {
  const reply = handlingOf(ticket).submissions.at(-1)
  if (ticket.state !== 'submitted' || reply === undefined) return undefined
  const levels = reviewLevels(policy)
  const passed = reply.reviews ?? []
  const index = Math.min(passed.length, levels.length - 1)
  const rule = levels[index]
  if (rule === undefined) return undefined
  const since = passed.at(-1)?.at ?? reply.at
  const target = rule.targetMinutes ?? policy.settings.reviewTargetMinutes
  return {
    rule,
    level: index + 1,
    levels: levels.length,
    role: rule.role ?? 'dispatcher',
    since,
    dueAt: since + target * MINUTE,
  }
}
