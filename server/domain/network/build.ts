import type { AreaFeature, PipeFeature, PointFeature } from '#contract/network.ts'
import { checkedInstant } from './dates.ts'
import { departmentOf, POLICY_DEPARTMENTS } from './departments.ts'
import { idsOf, isPipe, isPoint, polygonsOf } from './features.ts'
import { lineLengthM } from './geometry.ts'
import type { StandingFile } from './listed-devices.ts'
import { WUDA_ROUTING, type RoutingTable } from './routing-table.ts'
import type { Area, Department, Network, PipeAsset, PlacedDevice, PointAsset } from './network.ts'

/** A pipe drawn with no length still has one, or the graph would have edges that cost nothing. */
const MIN_PIPE_M = 0.01

/**
 * The network of a file that has passed `checkNetworkFile`, with its lookups made once.
 * @param routing who takes what, as the policy in force says
 * @param departments those known from earlier files; an area may name one by id or name
 */
export function buildNetwork(
  file: StandingFile,
  version: number,
  departments: readonly Department[] = POLICY_DEPARTMENTS,
  routing: RoutingTable = WUDA_ROUTING,
): Network {
  const building = buildingNetwork(file, version, departments, routing)
  for (;;) {
    const { done, value } = building.next()
    if (done === true) return value
  }
}

/** So many assets are built in about five milliseconds. */
const ASSETS_A_STEP = 2000

/** `buildNetwork` in steps of a few milliseconds, for whoever must not hold up others. */
export function* buildingNetwork(
  file: StandingFile,
  version: number,
  departments: readonly Department[],
  routing: RoutingTable,
): Generator<undefined, Network> {
  const points = new Map<string, PointAsset>()
  const pipes = new Map<string, PipeAsset>()
  const devices = new Map<string, PlacedDevice>()
  const pipesAt = new Map<string, string[]>()
  const known = new Map([...POLICY_DEPARTMENTS, ...departments].map((d) => [d.id, d]))
  const { assets, areas } = idsOf(file.features)
  yield

  let count = 0
  for (const [id, feature] of assets) {
    if (++count % ASSETS_A_STEP === 0) yield
    if (isPipe(feature)) {
      pipes.set(id, pipeOf(feature))
      for (const end of new Set([feature.properties.from, feature.properties.to])) {
        pipesAt.set(end, [...(pipesAt.get(end) ?? []), id])
      }
    } else if (isPoint(feature)) {
      const asset = pointOf(feature)
      points.set(id, asset)
      for (const device of feature.properties.devices ?? []) {
        devices.set(device.id, { ...device, assetId: id, asset })
      }
    }
  }
  const built = [...areas].flatMap(([id, parts]) => parts.map((part) => areaOf(id, part, known)))
  const { listed = [] } = file
  const retired = listed.flatMap((one) =>
    one.retired === undefined ? [] : [[one.id, { assetId: one.assetId, ...one.retired }] as const],
  )
  return {
    version,
    points,
    pipes,
    areas: built,
    departments: known,
    devices,
    retired: new Map(retired),
    pipesAt,
    routing,
  }
}

/** The empty network that stands before the first import. */
export const NO_NETWORK: Network = buildNetwork({ type: 'FeatureCollection', features: [] }, 0)

function pointOf({ geometry, properties }: PointFeature): PointAsset {
  return { ...properties, position: geometry.coordinates }
}

function pipeOf({ geometry, properties }: PipeFeature): PipeAsset {
  const line = geometry.coordinates
  return { ...properties, line, lengthM: Math.max(properties.lengthM ?? lineLengthM(line), MIN_PIPE_M) }
}

function areaOf(id: string, feature: AreaFeature, known: Map<string, Department>): Area {
  const { validFrom, validTo, name } = feature.properties
  const department = departmentOf(feature.properties, known)
  return {
    id,
    name: name ?? department.name,
    departmentId: department.id,
    polygons: polygonsOf(feature),
    ...(validFrom === undefined ? {} : { validFrom: checkedInstant(validFrom) }),
    ...(validTo === undefined ? {} : { validTo: checkedInstant(validTo) }),
  }
}
