import Flatbush from 'flatbush'
import { oncePerNetwork } from '../../network/assets.ts'
import type { Network } from '../../network/network.ts'

/** Sensors farther down the list say little of a place, and a town of ten thousand would be asked for each. */
const MOST = 50

interface Group {
  readonly ids: readonly string[]
  /** Undefined where all of them are neighbours anyway. */
  readonly index: Index | undefined
}

interface Index {
  /** Of places on a plane: a town is small. */
  readonly places: Flatbush
  /** A degree of longitude, in degrees of latitude. */
  readonly narrow: number
}

/** Devices that declare a signal, by signal, network and zone. */
const groups = oncePerNetwork((network: Network): ReadonlyMap<string, Group> => {
  const measured = [...network.devices.values()].flatMap(({ id, signals }) =>
    signals.map((signal) => ({ id, group: groupOf(network, id, signal) })),
  )
  return new Map(
    [...Map.groupBy(measured, ({ group }) => group)].map(([group, some]) => {
      const ids = some.map(({ id }) => id)
      return [group, { ids, index: indexOf(network, ids) }]
    }),
  )
})

/**
 * The devices nearest to this one that measure the same on the same network and in the same zone: itself
 * and all of them, or of more than fifty the nearest, those first.
 */
export function neighboursOf(network: Network, deviceId: string, signal: string): readonly string[] {
  const group = groups(network).get(groupOf(network, deviceId, signal))
  const [lon, lat] = placeOf(network, deviceId)?.position ?? []
  if (group?.index === undefined || lon === undefined || lat === undefined) return group?.ids ?? []
  const { places, narrow } = group.index
  return places.neighbors(lon * narrow, lat, MOST + 1).flatMap((at) => group.ids[at] ?? [])
}

/** The point that a device stands at. */
export function placeOf(network: Network, deviceId: string) {
  const placed = network.devices.get(deviceId)
  return placed === undefined ? undefined : network.points.get(placed.assetId)
}

function groupOf(network: Network, deviceId: string, signal: string): string {
  const place = placeOf(network, deviceId)
  return `${signal} ${place?.network ?? ''} ${place?.zone ?? ''}`
}

function indexOf(network: Network, ids: readonly string[]): Index | undefined {
  if (ids.length <= MOST + 1) return undefined
  const positions = ids.map((id) => placeOf(network, id)?.position ?? [0, 0])
  const narrow = Math.cos(((positions[0]?.[1] ?? 0) * Math.PI) / 180)
  const places = new Flatbush(ids.length)
  for (const [lon, lat] of positions) places.add(lon * narrow, lat)
  places.finish()
  return { places, narrow }
}
