import type { NoticeKind } from '#contract/vocabulary.ts'
import { MINUTE, SECOND, type Instant } from '../instant.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'

/** What callers are told, and what departments owe the dispatch centre 48 hours before (第四条B). */
export interface Notice {
  readonly id: string
  readonly kind: NoticeKind
  readonly receivedAt: Instant
  readonly enteredAt: Instant
  readonly effectiveAt: Instant
  readonly until?: Instant
  readonly assetIds: readonly string[]
  readonly areaIds: readonly string[]
  readonly text: string
  readonly documentId: string
  readonly by: { readonly id: string; readonly name: string }
}

/** A fault cannot be announced beforehand: no lead is asked of it (A26). */
const AT_ONCE: readonly NoticeKind[] = ['fault_outage']
export const OUTAGES: readonly NoticeKind[] = ['fault_outage', 'planned_works', 'renovation']

/** Whole seconds between notice and effect, and whether that is less than the 48 hours (Ex 12). */
export function leadOf(
  notice: Pick<Notice, 'kind' | 'receivedAt' | 'effectiveAt'>,
  policy: PolicyPack,
): { readonly late: boolean; readonly leadSeconds: number } {
  const leadMs = notice.effectiveAt - notice.receivedAt
  const late = !AT_ONCE.includes(notice.kind) && leadMs < policy.settings.noticeLeadMinutes * MINUTE
  return { late, leadSeconds: Math.floor(leadMs / SECOND) }
}

/** Works announced for this very asset that are on at `at`: they annotate, and silence nothing (Ex 10). */
export function worksAt(notices: readonly Notice[], assetId: string, at: Instant): Notice | undefined {
  return notices.find(
    ({ kind, assetIds, effectiveAt, until }) =>
      (kind === 'planned_works' || kind === 'renovation') &&
      assetIds.includes(assetId) &&
      effectiveAt <= at &&
      (until === undefined || at < until),
  )
}
