import type { Position } from '#contract/identity.ts'
import type { AreaFeature, NetworkFile, PipeFeature, PointFeature } from '#contract/network.ts'

/** A feature of a network file that has passed the check. */
export type NetworkFeature = NetworkFile['features'][number]

export function isPipe(feature: NetworkFeature): feature is PipeFeature {
  return feature.properties.kind === 'pipe'
}
function isArea(feature: NetworkFeature): feature is AreaFeature {
  return feature.properties.kind === 'area'
}
export function isPoint(feature: NetworkFeature): feature is PointFeature {
  return !isPipe(feature) && !isArea(feature)
}

/** The rings of each polygon of an area. */
export function polygonsOf(area: AreaFeature): readonly (readonly (readonly Position[])[])[] {
  return area.geometry.type === 'Polygon' ? [area.geometry.coordinates] : area.geometry.coordinates
}

/** Points and pipes share one space of ids; areas have their own, for an area may be called as its department. */
export interface FileIds {
  readonly assets: ReadonlyMap<string, NetworkFeature>
  /** Features by area id: one area may be handed from one department to the next. */
  readonly areas: ReadonlyMap<string, readonly AreaFeature[]>
}

/**
 * Features by id. An area without an id is called after its department, and the second one `…#2`, so
 * that the same file read again says the same.
 */
export function idsOf(features: readonly NetworkFeature[]): FileIds {
  const assets = new Map<string, NetworkFeature>()
  const areas = new Map<string, AreaFeature[]>()
  const unnamed = new Map<string, number>()
  for (const feature of features) {
    if (!isArea(feature)) {
      assets.set(feature.properties.id, feature)
      continue
    }
    const id = feature.properties.id ?? nextName(feature.properties.department, unnamed)
    areas.set(id, [...(areas.get(id) ?? []), feature])
  }
  return { assets, areas }
}

function nextName(department: string, counted: Map<string, number>): string {
  const n = (counted.get(department) ?? 0) + 1
  counted.set(department, n)
  return n === 1 ? department : `${department}#${n}`
}
