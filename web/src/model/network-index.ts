import type { Position } from '#contract/identity.ts'
import type { AreaProperties, NetworkFile } from '#contract/network.ts'
import type { AssetKind } from '#contract/vocabulary.ts'

interface IndexedAsset {
  readonly id: string
  readonly kind: AssetKind
  readonly name: string
  readonly address: string | undefined
  /** Name of the pipe on which a well stands. */
  readonly line: string | undefined
  /** Behind a station, where the network file says how many. */
  readonly households: number | undefined
  /** A pipe's is its middle. */
  readonly position: Position
}

export interface NetworkIndex {
  readonly assets: ReadonlyMap<string, IndexedAsset>
  /** Of the areas: id and name. */
  readonly departments: readonly { readonly id: string; readonly name: string }[]
  /** West, south, east, north; undefined for an empty network. */
  readonly bounds: readonly [number, number, number, number] | undefined
}

/** Names, places and extent of a network file. */
export function indexNetwork(file: NetworkFile | undefined): NetworkIndex {
  const pipes = new Map(
    (file?.features ?? []).flatMap(({ properties }) =>
      properties.kind === 'pipe' ? [[properties.id, properties.name] as const] : [],
    ),
  )
  const assets = new Map<string, IndexedAsset>()
  const departments = new Map<string, string>()
  let bounds: [number, number, number, number] | undefined
  for (const feature of file?.features ?? []) {
    const { properties, geometry } = feature
    if (properties.kind === 'area') {
      departments.set(properties.department, departmentName(properties) ?? properties.department)
      continue
    }
    const path = pathOf(geometry)
    const position = path[Math.floor(path.length / 2)]
    if (position === undefined) continue
    for (const [lon, lat] of path) bounds = widened(bounds, lon, lat)
    assets.set(properties.id, {
      id: properties.id,
      kind: properties.kind,
      name: properties.name ?? properties.id,
      address: properties.address,
      line: 'onPipe' in properties ? pipes.get(properties.onPipe ?? '') : undefined,
      households: 'households' in properties ? properties.households : undefined,
      position,
    })
  }
  return { assets, departments: [...departments].map(([id, name]) => ({ id, name })), bounds }
}

/** The server says the department's name beside its id; a file as written may name it directly. */
function departmentName(area: AreaProperties & { readonly departmentName?: unknown }): string | undefined {
  return typeof area.departmentName === 'string' ? area.departmentName : undefined
}

function pathOf(geometry: NetworkFile['features'][number]['geometry']): readonly Position[] {
  if (geometry.type === 'Point') return [geometry.coordinates]
  return geometry.type === 'LineString' ? geometry.coordinates : []
}

function widened(
  bounds: [number, number, number, number] | undefined,
  lon: number,
  lat: number,
): [number, number, number, number] {
  if (bounds === undefined) return [lon, lat, lon, lat]
  const [west, south, east, north] = bounds
  return [Math.min(west, lon), Math.min(south, lat), Math.max(east, lon), Math.max(north, lat)]
}
