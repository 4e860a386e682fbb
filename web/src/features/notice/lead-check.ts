import type { NoticeKind } from '#contract/vocabulary.ts'

/** Milliseconds between notice and effect, and whether they suffice; a fault is announced at once. */
export function leadCheck(
  kind: NoticeKind,
  { receivedAt, effectiveAt }: { readonly receivedAt: number; readonly effectiveAt: number | undefined },
  owedMs: number,
): { readonly leadMs: number; readonly verdict: 'late' | 'in-time' | 'no-check' } | undefined {
  if (kind === 'fault_outage') return { leadMs: 0, verdict: 'no-check' }
  if (effectiveAt === undefined) return undefined
  const leadMs = Math.max(0, effectiveAt - receivedAt)
  return { leadMs, verdict: effectiveAt - receivedAt < owedMs ? 'late' : 'in-time' }
}
