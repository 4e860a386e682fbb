import { oncePerNetwork } from '../network/assets.ts'
import type { Network } from '../network/network.ts'
import { zoneOf } from '../network/zone.ts'

/** One signal of one device that stands on the network behind a source. */
export interface Sensor {
  readonly key: string
  readonly deviceId: string
  readonly signal: string
  readonly assetId: string
}

/** What lies behind one source, as far as leaks are concerned. */
export interface BehindSource {
  /** Water in the pipes, its share where several sources hold them [m³]; undefined: too many have no diameter. */
  readonly volumeM3: number | undefined
  readonly supplyPressures: readonly Sensor[]
  readonly returnPressures: readonly Sensor[]
  readonly supplyTemperatures: readonly Sensor[]
  readonly returnTemperatures: readonly Sensor[]
}

/** Pipes without a diameter may be so much of the length before the volume is unknown. */
const UNKNOWN_SHARE = 0.2

/** By source id. With one source everything primary is behind it; with several, the zone decides. */
export const behindSources = oncePerNetwork((network): ReadonlyMap<string, BehindSource> => {
  const sources = [...network.points.values()].filter((point) => point.kind === 'source')
  return new Map(
    sources.map((source) => {
      const zone = zoneOf(network, source.id)
      const belongs = (assetId: string): boolean => sources.length === 1 || zoneOf(network, assetId) === zone
      const together = sources.filter(({ id }) => belongs(id)).length
      return [source.id, gather(network, belongs, together)]
    }),
  )
})

function gather(network: Network, belongs: (assetId: string) => boolean, together: number): BehindSource {
  const supplyPressures: Sensor[] = []
  const returnPressures: Sensor[] = []
  const supplyTemperatures: Sensor[] = []
  const returnTemperatures: Sensor[] = []
  for (const device of network.devices.values()) {
    const point = network.points.get(device.assetId)
    if (point?.network !== 'primary' || !belongs(point.id)) continue
    const onReturn = device.side === 'return'
    for (const signal of device.signals) {
      const sensor = { key: `${device.id} ${signal}`, deviceId: device.id, signal, assetId: point.id }
      if (signal === 'pressure_mpa') (onReturn ? returnPressures : supplyPressures).push(sensor)
      else if (signal === 'primary_supply_mpa') supplyPressures.push(sensor)
      else if (signal === 'primary_return_mpa') returnPressures.push(sensor)
      else if (signal === 'temperature_c') (onReturn ? returnTemperatures : supplyTemperatures).push(sensor)
      else if (signal === 'primary_supply_c') supplyTemperatures.push(sensor)
      else if (signal === 'primary_return_c') returnTemperatures.push(sensor)
    }
  }
  const volume = volumeOf(network, belongs)
  return {
    volumeM3: volume === undefined ? undefined : volume / together,
    supplyPressures,
    returnPressures,
    supplyTemperatures,
    returnTemperatures,
  }
}

function volumeOf(network: Network, belongs: (assetId: string) => boolean): number | undefined {
  let volume = 0
  let length = 0
  let unknown = 0
  for (const pipe of network.pipes.values()) {
    if (pipe.network !== 'primary' || !belongs(pipe.id)) continue
    const metres = pipe.lengthM * ((pipe.side ?? 'both') === 'both' ? 2 : 1)
    length += metres
    if (pipe.diameterMm === undefined) unknown += metres
    else volume += metres * Math.PI * (pipe.diameterMm / 2000) ** 2
  }
  return length === 0 || unknown / length > UNKNOWN_SHARE ? undefined : volume * (length / (length - unknown))
}
