import type { Position } from '#contract/identity.ts'
import type { ImportMistake } from '#contract/import-mistake.ts'
import { PROPERTIES_BY_KIND, type NetworkFile } from '#contract/network.ts'
import { idsOf, isPipe, isPoint, type NetworkFeature } from './features.ts'
import { distanceM } from './geometry.ts'
import { complainAbout } from './import/mistake.ts'

/** What an engineer puts right in one asset of the network that stands. */
export interface AssetCorrection {
  readonly assetId: string
  /** Properties as the network file has them; null takes one away. */
  readonly fields: Readonly<Record<string, unknown>>
  readonly position?: Position
}

/** What makes an asset that one, and what has a list of its own. */
const FIXED: ReadonlySet<string> = new Set(['id', 'kind', 'devices'])
/** A pipe's end nearer than this to its well was drawn to it. */
const DRAWN_TO_M = 1

/**
 * The network file's features that a correction changes, to be checked and merged as an import of just
 * these: the asset itself, and the pipes that were drawn to the place that it leaves.
 */
export function correctedFeatures(
  features: NetworkFile['features'],
  { assetId, fields, position }: AssetCorrection,
): { readonly features: readonly NetworkFeature[]; readonly mistakes: readonly ImportMistake[] } {
  const mistakes: ImportMistake[] = []
  const complain = complainAbout(mistakes, assetId)
  const asset = idsOf(features).assets.get(assetId)
  if (asset === undefined) {
    complain('', `没有资产 ${assetId}`, `there is no asset ${assetId}`)
    return { features: [], mistakes }
  }
  const { kind } = asset.properties
  for (const field of Object.keys(fields)) {
    const path = `/properties/${field}`
    if (FIXED.has(field)) complain(path, `${field} 不能在这里更改`, `${field} cannot be changed here`)
    else if (!Object.hasOwn(PROPERTIES_BY_KIND[kind].properties, field))
      complain(path, `类别 ${kind} 没有属性 ${field}`, `a ${kind} has no property ${field}`)
  }
  if (position !== undefined && !isPoint(asset))
    complain(
      '/geometry',
      '管线没有单独的位置,请重新导入走向',
      'a pipe has no position: import its line again',
    )
  // Null counts as absent wherever a network file is read.
  const properties = { ...asset.properties, ...fields } as NetworkFeature['properties']
  if (mistakes.length > 0 || position === undefined || !isPoint(asset))
    return { features: [{ ...asset, properties } as NetworkFeature], mistakes }
  const moved = { ...asset, geometry: { ...asset.geometry, coordinates: position }, properties }
  const left = asset.geometry.coordinates
  const pipes = features.filter(isPipe).flatMap((pipe) => {
    const { from, to } = pipe.properties
    const line = pipe.geometry.coordinates.map((place, i, { length }) => {
      const ends = (i === 0 && from === assetId) || (i === length - 1 && to === assetId)
      return ends && distanceM(place, left) < DRAWN_TO_M ? position : place
    })
    const touched = line.some((place) => place === position)
    return touched ? [{ ...pipe, geometry: { ...pipe.geometry, coordinates: line } }] : []
  })
  return { features: [moved as NetworkFeature, ...pipes], mistakes }
}
