import type { IncidentView } from '#contract/incident.ts'

const MOST = 12

/** Open incidents that this one may be joined to: of its own kind first, then the newest. */
export function mergeTargets(
  incident: IncidentView,
  incidents: Iterable<IncidentView>,
): readonly IncidentView[] {
  return [...incidents]
    .filter(({ id, state }) => id !== incident.id && (state === 'suspected' || state === 'confirmed'))
    .sort(
      (a, b) =>
        Number(b.kind === incident.kind) - Number(a.kind === incident.kind) ||
        Date.parse(b.openedAt) - Date.parse(a.openedAt),
    )
    .slice(0, MOST)
}
