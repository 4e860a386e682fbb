import { oncePerNetwork } from '../../network/assets.ts'
import { graphOf } from '../../network/graph.ts'
import type { Network } from '../../network/network.ts'
import { partsOf } from '../../network/zone.ts'

export const SIDES = ['supply', 'return'] as const
export type Side = (typeof SIDES)[number]

/** One pressure of one device on the primary network. */
export interface PressureSensor {
  /** `device signal`. */
  readonly key: string
  readonly deviceId: string
  readonly signal: string
  readonly assetId: string
  readonly side: Side
}

/** A connected primary network: what a leak in it can be seen by. Without a source it is an island. */
export interface LeakZone {
  readonly id: string
  readonly points: ReadonlySet<string>
  readonly sourceIds: readonly string[]
  /** Pressures away from the sources; a source's own are what the others are expected from. */
  readonly sensors: readonly PressureSensor[]
  readonly wellIds: readonly string[]
  readonly stationIds: readonly string[]
}

const PRIMARY_PRESSURES: Readonly<Record<string, Side>> = {
  primary_supply_mpa: 'supply',
  primary_return_mpa: 'return',
}

/** Every connected primary network with at least one pressure sensor or source, in order of its name. */
export const leakZones = oncePerNetwork((network): readonly LeakZone[] => {
  const sensors = sensorsOf(network)
  return partsOf(network)
    .filter(({ level }) => level === 'primary')
    .map(({ start, points }): LeakZone => {
      const within = new Set(points)
      const its = points.flatMap((id) => network.points.get(id) ?? [])
      return {
        id: start,
        points: within,
        sourceIds: its.flatMap(({ id, kind }) => (kind === 'source' ? [id] : [])).sort(),
        sensors: sensors.filter(({ assetId }) => within.has(assetId)),
        stationIds: its.flatMap(({ id, kind }) => (kind === 'station' ? [id] : [])).sort(),
        wellIds: its.flatMap(({ id, kind }) => (kind === 'well' ? [id] : [])).sort(),
      }
    })
    .filter((zone) => zone.sensors.length > 0 || zone.sourceIds.length > 0)
    .sort((a, b) => (a.id < b.id ? -1 : 1))
})

/** The zone of a source, by its id. */
export const zoneOfSource = oncePerNetwork(
  (network): ReadonlyMap<string, LeakZone> =>
    new Map(leakZones(network).flatMap((zone) => zone.sourceIds.map((id) => [id, zone] as const))),
)

function sensorsOf(network: Network): readonly PressureSensor[] {
  const onPrimary = graphOf(network, 'primary').steps
  const found: PressureSensor[] = []
  for (const device of network.devices.values()) {
    const point = network.points.get(device.assetId)
    if (point === undefined || point.kind === 'source' || !onPrimary.has(point.id)) continue
    if (network.pipes.get(device.pipe ?? '')?.network === 'secondary') continue
    for (const signal of device.signals) {
      const side = signal === 'pressure_mpa' ? sideOf(device.side, point) : PRIMARY_PRESSURES[signal]
      if (side === undefined) continue
      const key = `${device.id} ${signal}`
      found.push({ key, deviceId: device.id, signal, assetId: point.id, side })
    }
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : 1))
}

/** A pressure sensor that does not say where it sits, sits on the supply; in a shared well the record decides. */
function sideOf(side: 'supply' | 'return' | 'both' | undefined, point: { readonly network: string }) {
  if (point.network !== 'primary') return undefined
  return side === 'return' ? 'return' : 'supply'
}
