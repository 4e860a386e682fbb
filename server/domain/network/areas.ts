import booleanPointInPolygon from '@turf/boolean-point-in-polygon'
import type { Position } from '#contract/identity.ts'
import type { Instant } from '../instant.ts'
import { isPipeAsset, oncePerNetwork, positionOf } from './assets.ts'
import type { Area, Asset, Network } from './network.ts'

/** What the areas say of a place: one, none, or several that disagree about the department. */
export type AreaAnswer =
  | { readonly kind: 'one'; readonly area: Area }
  | { readonly kind: 'none' }
  | { readonly kind: 'several'; readonly areas: readonly Area[] }

type Box = [west: number, south: number, east: number, north: number]

/** Areas of the network with what the point-in-polygon test wants, made once. */
const shapesOf = oncePerNetwork((network) =>
  network.areas.map((area) => {
    const coordinates = area.polygons.map((rings) => rings.map((ring) => ring.map((p) => [...p])))
    return { area, shape: { type: 'MultiPolygon' as const, bbox: boxOf(area), coordinates } }
  }),
)

function boxOf(area: Area): Box {
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [lon, lat] of area.polygons.flat(2)) {
    box[0] = Math.min(box[0], lon)
    box[1] = Math.min(box[1], lat)
    box[2] = Math.max(box[2], lon)
    box[3] = Math.max(box[3], lat)
  }
  return box
}

/** True while [validFrom, validTo) holds. */
export function isValid(area: Area, asOf: Instant): boolean {
  return (area.validFrom ?? -Infinity) <= asOf && asOf < (area.validTo ?? Infinity)
}

/** Every area, valid or not, that contains a position; an edge belongs to both sides. */
export function areasContaining(network: Network, position: Position): readonly Area[] {
  return shapesOf(network)
    .filter(({ shape }) => booleanPointInPolygon([...position], shape))
    .map(({ area }) => area)
}

/** The area whose department is responsible for a position at an instant. */
export function areaAt(network: Network, position: Position, asOf: Instant): AreaAnswer {
  return agreed(areasContaining(network, position).filter((area) => isValid(area, asOf)))
}

/**
 * The area of an asset. A pipe counts as in an area when its ends and its middle are; one that crosses
 * a border is `several`, unless the place of the fault is known.
 */
export function areaOfAsset(network: Network, asset: Asset, asOf: Instant): AreaAnswer {
  if (!isPipeAsset(asset)) return areaAt(network, asset.position, asOf)
  const places = [asset.line[0], positionOf(asset), asset.line.at(-1)].filter((p) => p !== undefined)
  const answers = places.map((place) => areaAt(network, place, asOf))
  if (answers.some(({ kind }) => kind === 'none')) return { kind: 'none' }
  const found = answers.flatMap((answer) => {
    if (answer.kind === 'one') return [answer.area]
    return answer.kind === 'several' ? answer.areas : []
  })
  return agreed([...new Set(found)])
}

function agreed(found: readonly Area[]): AreaAnswer {
  const [first] = found
  if (first === undefined) return { kind: 'none' }
  return found.every((area) => area.departmentId === first.departmentId)
    ? { kind: 'one', area: first }
    : { kind: 'several', areas: found }
}
