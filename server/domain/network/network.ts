import type { DeviceProperties, PipeProperties, PointProperties } from '#contract/network.ts'
import type { Position } from '#contract/identity.ts'
import type { Instant } from '../instant.ts'
import type { RoutingTable } from './routing-table.ts'

/** A point of the network: source, station, well or valve. */
export type PointAsset = PointProperties & { readonly position: Position }

/** A pipe between two points; `lengthM` is always known, from the file or the geometry. */
export type PipeAsset = Omit<PipeProperties, 'lengthM'> & {
  readonly lengthM: number
  readonly line: readonly Position[]
}

export type Asset = PointAsset | PipeAsset

/** An area and the department that operates it, for the half-open interval [validFrom, validTo). */
export interface Area {
  readonly id: string
  readonly name: string
  readonly departmentId: string
  readonly polygons: readonly (readonly (readonly Position[])[])[]
  readonly validFrom?: Instant
  readonly validTo?: Instant
}

export interface Department {
  readonly id: string
  readonly name: string
}

/** Where a device stands. */
export interface PlacedDevice extends DeviceProperties {
  readonly assetId: string
  readonly asset: PointAsset
}

/** A device that is no longer in service; its readings stay with the asset where it stood. */
export interface RetiredDevice {
  readonly assetId: string
  readonly at: Instant
  readonly device: DeviceProperties
}

/** The network as imported, immutable, with its lookups made once. Version grows with every import. */
export interface Network {
  readonly version: number
  readonly points: ReadonlyMap<string, PointAsset>
  readonly pipes: ReadonlyMap<string, PipeAsset>
  readonly areas: readonly Area[]
  readonly departments: ReadonlyMap<string, Department>
  readonly devices: ReadonlyMap<string, PlacedDevice>
  readonly retired: ReadonlyMap<string, RetiredDevice>
  /** Ids of pipes that end at a point. */
  readonly pipesAt: ReadonlyMap<string, readonly string[]>
  /** Who takes what by the policy in force. */
  readonly routing: RoutingTable
}
