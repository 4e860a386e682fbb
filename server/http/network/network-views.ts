import type { AssetDetail, AssetHit, Responsibilities } from '#contract/asset.ts'
import type { AssetState } from '#contract/live.ts'
import { instantText, type Instant } from '../../domain/instant.ts'
import { isValid } from '../../domain/network/areas.ts'
import { isPipeAsset, positionOf } from '../../domain/network/assets.ts'
import { levelOf } from '../../domain/network/class.ts'
import type { Area, Asset, Network } from '../../domain/network/network.ts'
import { responsibilityOf, type Responsibility } from '../../domain/network/ownership.ts'
import { ownershipChanges } from '../../domain/network/ownership-changes.ts'
import type { Found } from '../../domain/network/search.ts'
import { neighbours } from '../../domain/network/topology.ts'
import type { NetworkRegistry } from '../../flows/network/change-network.ts'
import { stationOf, zoneOf } from '../../domain/network/zone.ts'

/** What is known of an asset right now; undefined where nothing is. */
export type LiveState = (assetId: string) => AssetState | undefined

/** The whole network as GeoJSON: what the file says, and `live` beside it where something is known. Features are made as they are read. */
export function networkGeoJson(network: Network, liveState: LiveState) {
  return { type: 'FeatureCollection', version: network.version, features: featuresOf(network, liveState) }
}

function* featuresOf(network: Network, liveState: LiveState) {
  for (const assets of [network.points.values(), network.pipes.values()]) {
    for (const asset of assets) yield assetFeature(asset, liveState)
  }
  for (const area of network.areas) yield areaFeature(network, area)
}

function assetFeature(asset: Asset, liveState: LiveState) {
  return {
    type: 'Feature',
    geometry: geometryOf(asset),
    properties: { ...propertiesOf(asset), ...liveOf(asset.id, liveState) },
  }
}

function liveOf(assetId: string, liveState: LiveState) {
  const live = liveState(assetId)
  return live === undefined ? {} : { health: live.health, live }
}

function geometryOf(asset: Asset) {
  return isPipeAsset(asset)
    ? { type: 'LineString', coordinates: asset.line }
    : { type: 'Point', coordinates: asset.position }
}

function propertiesOf(asset: Asset): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(asset).filter(([field]) => field !== 'position' && field !== 'line'),
  )
}

function areaFeature(network: Network, area: Area) {
  return {
    type: 'Feature',
    geometry: { type: 'MultiPolygon', coordinates: area.polygons },
    properties: {
      kind: 'area',
      id: area.id,
      name: area.name,
      department: area.departmentId,
      departmentName: network.departments.get(area.departmentId)?.name,
      ...validityOf(area),
    },
  }
}

function validityOf({ validFrom, validTo }: Area) {
  return {
    ...(validFrom === undefined ? {} : { validFrom: instantText(validFrom) }),
    ...(validTo === undefined ? {} : { validTo: instantText(validTo) }),
  }
}

function summaryOf(network: Network, asset: Asset) {
  return {
    id: asset.id,
    kind: asset.kind,
    ...(asset.name === undefined ? {} : { name: asset.name }),
    ...(asset.address === undefined ? {} : { address: asset.address }),
    network: levelOf(network, asset),
    position: [...positionOf(asset)] as [number, number],
  }
}

export function assetHit(network: Network, { asset, distanceM, why }: Found): AssetHit {
  const distance = distanceM === undefined ? {} : { distanceM: Math.round(distanceM) }
  return { ...summaryOf(network, asset), ...distance, why: [...why] }
}

/** How many hops of neighbours the page of an asset shows. */
const NEIGHBOUR_HOPS = 2

export function assetDetail(
  network: Network,
  asset: Asset,
  parts: {
    readonly at: Instant
    readonly liveState: LiveState
    readonly versions: ReturnType<NetworkRegistry['versions']>
  },
): AssetDetail {
  const { at, liveState, versions } = parts
  const [zone, stationId, live] = [
    zoneOf(network, asset.id),
    stationOf(network, asset.id),
    liveState(asset.id),
  ]
  return {
    ...summaryOf(network, asset),
    properties: propertiesOf(asset),
    ...(zone === undefined ? {} : { zone }),
    ...(stationId === undefined ? {} : { stationId }),
    networkVersion: network.version,
    owner: ownerView(responsibilityOf(network, asset, at)),
    ownerChanges: ownershipChanges(network, asset, at).map((change) => ({
      at: instantText(change.at),
      department: ownerView(change),
    })),
    neighbours: [...neighbours(network, asset.id, NEIGHBOUR_HOPS)].flatMap(([id, hops]) => {
      const point = network.points.get(id)
      return point === undefined ? [] : [{ id, kind: point.kind, name: point.name, hops }]
    }),
    devices: isPipeAsset(asset) ? [] : [...(asset.devices ?? [])],
    corrections: versions
      .flatMap(({ importedAt, importedBy, summary: { correction } }) =>
        correction?.assetId === asset.id
          ? [
              {
                at: instantText(importedAt),
                by: importedBy,
                fields: [...correction.fields],
                reason: correction.reason,
              },
            ]
          : [],
      )
      .reverse(),
    ...(live === undefined ? {} : { live }),
  }
}

function ownerView({ departmentId, departmentName, rule, why, whyEn }: Responsibility) {
  return { id: departmentId, name: departmentName, rule, why, whyEn }
}

/** Changes to come are far fewer than assets; a list beyond this helps nobody. */
const MAX_CHANGES = 500

export function responsibilitiesView(network: Network, at: Instant): Responsibilities {
  const assets = [...network.points.values(), ...network.pipes.values()]
  const changes = assets.flatMap((asset) =>
    ownershipChanges(network, asset, at).map((change) => ({ assetId: asset.id, change })),
  )
  changes.sort((a, b) => a.change.at - b.change.at)
  return {
    at: instantText(at),
    networkVersion: network.version,
    departments: [...network.departments.values()].map(({ id, name }) => ({ id, name })),
    areas: network.areas.map((area) => ({
      id: area.id,
      name: area.name,
      departmentId: area.departmentId,
      valid: isValid(area, at),
      ...validityOf(area),
    })),
    changes: changes
      .slice(0, MAX_CHANGES)
      .map(({ assetId, change }) => ({ assetId, at: instantText(change.at), department: ownerView(change) })),
  }
}
