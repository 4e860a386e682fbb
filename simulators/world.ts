import type { DeviceProperties, NetworkFile, PointProperties } from '#contract/network.ts'
import { isRefusal } from '#contract/problem.ts'
import type { Refusal } from '#contract/problem.ts'
import { signalDefinition } from '#contract/signals.ts'
import { createHydraulics } from '#hydraulics'
import type { Effect } from './effects.ts'
import { networkShape, pointsOf } from './network-shape.ts'
import { createPrimaryHistory } from './physics/primary-state.ts'
import { measured } from './physics/sensor.ts'
import { createSiteConditions } from './site-conditions.ts'
import type { Values } from './sample.ts'

/** A device and the asset that it stands at. */
export interface Standing {
  readonly device: DeviceProperties
  readonly asset: PointProperties
}

/** The simulated town: what every device measures at any instant, the same for the same seed. */
export interface World {
  readonly devices: ReadonlyMap<string, Standing>
  readonly assets: ReadonlyMap<string, PointProperties>
  /** Water in the primary network, m³. */
  readonly volumeM3: number
  /** Why the primary network could not be solved; its pressures are then only typical ones. */
  readonly unsolved?: Refusal
  values(deviceId: string, at: number): Values
  /** Adds something that goes wrong. Known effects change what is measured from their onset on. */
  add(...effects: readonly Effect[]): void
}

/** `seasonal: false` heats the town all the year, so that a demo in July shows the same as one in January. */
export async function createWorld(
  file: NetworkFile,
  seed: number,
  { seasonal = true }: { readonly seasonal?: boolean } = {},
): Promise<World> {
  const model = await createHydraulics(networkShape(file))
  const points = pointsOf(file).map((feature) => feature.properties)
  const assets = new Map(points.map((point) => [point.id, point]))
  const devices = new Map(
    points.flatMap((asset) => (asset.devices ?? []).map((device) => [device.id, { device, asset }] as const)),
  )
  const effects: Effect[] = []
  const solvable = isRefusal(model) ? undefined : model
  const volumeM3 = solvable?.volumeM3 ?? 0
  const primary = createPrimaryHistory({
    model: solvable,
    seed,
    stations: points.filter((point) => point.kind === 'station'),
    pointIds: points.filter((point) => (point.devices ?? []).length > 0).map((point) => point.id),
    closed: new Set(
      points.filter((point) => point.kind === 'valve' && point.normallyOpen === false).map(({ id }) => id),
    ),
    leaks: () => effects.filter((effect) => effect.kind === 'pipe-leak'),
  })
  const truth = createSiteConditions({ seed, primary, effects, volumeM3, seasonal })

  return {
    devices,
    assets,
    volumeM3,
    ...(isRefusal(model) ? { unsolved: model } : {}),
    add: (...more) => void effects.push(...more),
    values(deviceId, at) {
      const standing = devices.get(deviceId)
      if (standing === undefined) return {}
      const { asset, device } = standing
      const values: Record<string, number | boolean> = {}
      const true_ = truth(asset, device, at)
      for (const signal of device.signals) {
        const value = true_[signal]
        if (value === undefined) continue
        const isNumber = typeof value === 'number' && signalDefinition(signal)?.type !== 'boolean'
        values[signal] = isNumber ? measured(value, { seed, deviceId, signal, at }) : value
      }
      return values
    },
  }
}
