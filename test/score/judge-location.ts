import type { Network } from '../../server/domain/network/network.ts'
import { hopsBetween, neighbours } from '../../server/domain/network/topology.ts'
import type { LeakEvent } from '../../simulators/laboratory/scenario.ts'
import type { Dated } from '../../simulators/laboratory/event-period.ts'
import type { Location } from './outcome.ts'
import type { Track } from './tracks.ts'

/** The longest list that counts. */
const LISTED = 10

/**
 * Where a leak was looked for, by the last list before it ended or a day was over. A hole at a station's
 * inlet is found at the well that it hangs on: the list names wells.
 */
export function locationOf(network: Network, event: Dated<LeakEvent>, track: Track, until: number): Location {
  const lists = track.moments.filter(
    ({ at, candidates }) => at >= event.from && at < until && candidates.length > 0,
  )
  const candidates = lists.at(-1)?.candidates.slice(0, LISTED) ?? []
  const places = placesOf(network, event.at)
  const first = candidates[0]
  const hops = first === undefined ? undefined : nearest(network, first.assetId, places)
  return {
    listed: candidates.some(({ assetId }) => places.includes(assetId)),
    ...(hops === undefined ? {} : { hops }),
  }
}

function placesOf(network: Network, at: string): readonly string[] {
  if (network.points.get(at)?.kind === 'well') return [at]
  const near = [...neighbours(network, at, 1)].map(([id]) => id)
  return near.filter((id) => network.points.get(id)?.kind === 'well')
}

function nearest(network: Network, from: string, places: readonly string[]): number | undefined {
  const hops = places.flatMap((place) =>
    place === from ? 0 : (hopsBetween(network, from, place, Infinity) ?? []),
  )
  return hops.length === 0 ? undefined : Math.min(...hops)
}
