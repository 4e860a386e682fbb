import type { Draft } from './draft.ts'
import type { Place } from './ground.ts'
import { distance } from './ground.ts'

/**
 * Where the spare devices stand: a trunk in service and out of warranty, a branch, a
 * secondary network and a station, apart from one another.
 */
const SPARE_PLACES: readonly (readonly [deviceId: string, near: Place])[] = [
  ['spare-1', [200, 545]],
  ['spare-2', [545, 225]],
  ['spare-3', [690, 690]],
]
const SPARE_STATION = 's-45'

/** Asset id → spare device id. */
export function spareSites(draft: Draft): ReadonlyMap<string, string> {
  const wells = draft.points().filter((point) => point.kind === 'well')
  const sites = SPARE_PLACES.map(([deviceId, near]) => {
    const away = (id: string) => distance(draft.place(id), near)
    const nearest = wells.toSorted((a, b) => away(a.id) - away(b.id))[0]
    if (nearest === undefined) throw new Error('the plan has no wells')
    return [nearest.id, deviceId] as const
  })
  return new Map([...sites, [SPARE_STATION, 'spare-4']])
}
