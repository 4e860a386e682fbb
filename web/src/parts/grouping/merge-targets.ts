import type { IncidentView } from '#contract/incident.ts'
import type { Position } from '#contract/identity.ts'
import { distanceM } from '../../model/distance.ts'

const MOST = 12

export interface MergeTarget {
  readonly incident: IncidentView
  /** Undefined where one of the two has no place. */
  readonly metres: number | undefined
}

/** Open incidents that this one may be joined to: of its own kind first, then the nearest, then the newest. */
export function mergeTargets(
  incident: IncidentView,
  incidents: Iterable<IncidentView>,
  placeOf: (incident: IncidentView) => Position | undefined,
): readonly MergeTarget[] {
  const here = placeOf(incident)
  const metresTo = (there: Position | undefined): number | undefined =>
    here === undefined || there === undefined ? undefined : distanceM(here, there)
  return [...incidents]
    .filter(({ id, state }) => id !== incident.id && (state === 'suspected' || state === 'confirmed'))
    .map((one) => ({ incident: one, metres: metresTo(placeOf(one)) }))
    .sort(
      (a, b) =>
        Number(b.incident.kind === incident.kind) - Number(a.incident.kind === incident.kind) ||
        (a.metres ?? Number.MAX_VALUE) - (b.metres ?? Number.MAX_VALUE) ||
        Date.parse(b.incident.openedAt) - Date.parse(a.incident.openedAt),
    )
    .slice(0, MOST)
}
