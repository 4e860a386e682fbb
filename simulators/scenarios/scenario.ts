import type { PointProperties } from '#contract/network.ts'
import type { Refusal } from '#contract/problem.ts'
import { refuse } from '#contract/problem.ts'
import type { DeviceFault, TicketKind } from '#contract/vocabulary.ts'
import type { Effect } from '../effects.ts'
import type { AppliedFault } from '../faults/fault.ts'
import { devicesAt } from '../event-reports.ts'
import type { World } from '../world.ts'

/** What really happened: what a detector is held against. */
interface Truth {
  readonly kind: string
  readonly assetId: string
  /** Simulated instant. */
  readonly onset: number
  readonly size?: { readonly value: number; readonly unit: string }
  /** The ticket that should follow; undefined: none. */
  readonly expected?: TicketKind
  /** The device fault that should be named; undefined: none. */
  readonly deviceFault?: DeviceFault
}

export interface ScenarioPlan {
  readonly effects: readonly Effect[]
  readonly faults: readonly AppliedFault[]
  readonly deviceIds: readonly string[]
  readonly truth: Truth
}

export interface Scene {
  readonly world: World
  readonly asset: PointProperties
  /** Only this device, where one was named. */
  readonly deviceId?: string
  readonly seed: number
  /** First simulated instant. */
  readonly from: number
}

export interface Scenario {
  readonly name: string
  readonly title: string
  /** Simulated time that it takes, ms. */
  readonly lasts: number
  /** Usual acceleration. */
  readonly speed: number
  /** Reporting interval of its devices, s; undefined: each its own. */
  readonly everyS?: number
  /** A refusal says what the asset lacks. */
  plan(scene: Scene): ScenarioPlan | Refusal
}

/** The devices at the scene's asset that measure a signal; refused when there is none. */
export function measuring({ world, asset, deviceId }: Scene, signal: string): readonly string[] | Refusal {
  const there = devicesAt(world, asset.id, signal).filter((id) => deviceId === undefined || id === deviceId)
  if (there.length > 0) return there
  const having = (asset.devices ?? []).map(({ id, signals }) => `${id} (${signals.join(', ')})`)
  const what = having.length === 0 ? 'no device' : having.join('; ')
  return refuse('bad-value', {
    zh: `${asset.id} 没有测量 ${signal} 的设备: ${what}`,
    en: `no device at ${asset.id} measures ${signal}: ${what}`,
  })
}

/** Refused unless the asset is a well, a station, … of that network. */
export function mustBe(
  asset: PointProperties,
  kind: PointProperties['kind'],
  network?: PointProperties['network'],
): Refusal | undefined {
  if (asset.kind === kind && (network === undefined || asset.network === network)) return undefined
  const wanted = network === undefined ? kind : `${kind} of the ${network} network`
  return refuse('bad-value', {
    zh: `${asset.id} 是 ${asset.network} 网的 ${asset.kind}, 这里需要 ${wanted}`,
    en: `${asset.id} is a ${asset.kind} of the ${asset.network} network; this needs a ${wanted}`,
  })
}
