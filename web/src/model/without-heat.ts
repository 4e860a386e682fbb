import type { NoticeView } from '#contract/notice.ts'

const OUTAGES: readonly string[] = ['fault_outage', 'planned_works', 'renovation']

/** Households behind the stations for which an outage is announced and on at `now`. */
export function householdsWithoutHeat(
  notices: Iterable<Pick<NoticeView, 'kind' | 'effectiveAt' | 'until' | 'assetIds'>>,
  householdsOf: (assetId: string) => number | undefined,
  now: number,
): number {
  const cold = new Set<string>()
  for (const { kind, effectiveAt, until, assetIds } of notices) {
    const isOn = Date.parse(effectiveAt) <= now && (until === undefined || now < Date.parse(until))
    if (OUTAGES.includes(kind) && isOn) for (const id of assetIds) cold.add(id)
  }
  return [...cold].reduce((sum, id) => sum + (householdsOf(id) ?? 0), 0)
}
