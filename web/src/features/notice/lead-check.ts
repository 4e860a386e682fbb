import type { NoticeKind } from '#contract/vocabulary.ts'

const LEAD_MS = 48 * 3_600_000

/** The 48-hour rule of 第四条B: milliseconds between notice and effect, and whether they suffice. */
export function leadCheck(
  kind: NoticeKind,
  receivedAt: number,
  effectiveAt: number | undefined,
): { readonly leadMs: number; readonly verdict: 'late' | 'in-time' | 'no-check' } | undefined {
  if (kind === 'fault_outage') return { leadMs: 0, verdict: 'no-check' }
  if (effectiveAt === undefined) return undefined
  const leadMs = Math.max(0, effectiveAt - receivedAt)
  return { leadMs, verdict: effectiveAt - receivedAt < LEAD_MS ? 'late' : 'in-time' }
}
