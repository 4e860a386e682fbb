import Type from 'typebox'
import type { Position } from './identity.ts'
import { AssetId, Id, InstantText } from './identity.ts'
import { nameOf } from './names.ts'
import { NETWORK_LEVELS, PIPE_CLASSES, PIPE_SIDES } from './vocabulary.ts'

/** The network file: GeoJSON, WGS 84. Dates may be a day or an instant with offset. */
const DateOrInstant = Type.Union([InstantText, Type.String({ format: 'date' })])
const Name = nameOf(200)
/** How platforms call a device: compared in lower case. */
const ALIAS_PATTERN =
  '^([dD][eE][vV]_[eE][uU][iI]|[iI][mM][eE][iI]|[sS][eE][rR][iI][aA][lL]|[nN][aA][mM][eE]):\\s*[^\\s\\p{C}][^\\p{C}]{0,119}$'

export const DeviceProperties = Type.Object({
  id: Id,
  signals: Type.Array(Type.String({ pattern: '^[a-z][a-z0-9_]{0,63}$' }), { minItems: 1, maxItems: 64 }),
  intervalS: Type.Number({ exclusiveMinimum: 0, maximum: 7 * 86400, description: 'reporting interval, s' }),
  power: Type.Optional(Type.Enum(['wired', 'battery'])),
  pipe: Type.Optional(AssetId),
  side: Type.Optional(Type.Enum(PIPE_SIDES)),
  installedTiltDeg: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  gateway: Type.Optional(Id),
  aliases: Type.Optional(Type.Array(Type.String({ pattern: ALIAS_PATTERN }), { minItems: 1, maxItems: 8 })),
})
export type DeviceProperties = Type.Static<typeof DeviceProperties>

const dated = {
  underConstruction: Type.Optional(Type.Boolean()),
  commissionedAt: Type.Optional(DateOrInstant),
  warrantyUntil: Type.Optional(DateOrInstant),
}
const point = {
  id: AssetId,
  name: Name,
  network: Type.Enum(NETWORK_LEVELS),
  zone: Type.Optional(AssetId),
  address: Type.Optional(Type.String({ maxLength: 300 })),
  elevationM: Type.Optional(Type.Number({ minimum: -500, maximum: 9000 })),
  managedBy: Type.Optional(Name),
  devices: Type.Optional(Type.Array(DeviceProperties, { maxItems: 50 })),
  ...dated,
}

export const SourceProperties = Type.Object({
  kind: Type.Literal('source'),
  ...point,
  holdingPressureMpa: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 4 })),
  supplyPressureMpa: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 4 })),
})
export const StationProperties = Type.Object({
  kind: Type.Literal('station'),
  ...point,
  nominalFlowTh: Type.Optional(Type.Number({ minimum: 0 })),
  heatedAreaM2: Type.Optional(Type.Number({ minimum: 0 })),
  households: Type.Optional(Type.Integer({ minimum: 0 })),
})
export const WellProperties = Type.Object({
  kind: Type.Literal('well'),
  ...point,
  depthM: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 50 })),
  onPipe: Type.Optional(AssetId),
  covers: Type.Optional(Type.Integer({ minimum: 0, maximum: 20 })),
})
export const ValveProperties = Type.Object({
  kind: Type.Literal('valve'),
  ...point,
  normallyOpen: Type.Optional(Type.Boolean()),
})
export const PipeProperties = Type.Object({
  kind: Type.Literal('pipe'),
  id: AssetId,
  name: Type.Optional(Name),
  from: AssetId,
  to: AssetId,
  network: Type.Enum(NETWORK_LEVELS),
  class: Type.Enum(PIPE_CLASSES),
  side: Type.Optional(Type.Enum(PIPE_SIDES)),
  zone: Type.Optional(AssetId),
  address: Type.Optional(Type.String({ maxLength: 300 })),
  lengthM: Type.Optional(Type.Number({ exclusiveMinimum: 0 })),
  diameterMm: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 3000 })),
  roughnessMm: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 50 })),
  ...dated,
})
export const AreaProperties = Type.Object({
  kind: Type.Literal('area'),
  id: Type.Optional(AssetId),
  name: Type.Optional(Name),
  department: Name,
  validFrom: Type.Optional(DateOrInstant),
  validTo: Type.Optional(DateOrInstant),
})

export type SourceProperties = Type.Static<typeof SourceProperties>
export type StationProperties = Type.Static<typeof StationProperties>
export type WellProperties = Type.Static<typeof WellProperties>
export type ValveProperties = Type.Static<typeof ValveProperties>
export type PipeProperties = Type.Static<typeof PipeProperties>
export type AreaProperties = Type.Static<typeof AreaProperties>
export type PointProperties = SourceProperties | StationProperties | WellProperties | ValveProperties

/** Which schema checks `properties` of a feature of that kind. */
export const PROPERTIES_BY_KIND = {
  source: SourceProperties,
  station: StationProperties,
  well: WellProperties,
  valve: ValveProperties,
  pipe: PipeProperties,
  area: AreaProperties,
} as const
export type FeatureKind = keyof typeof PROPERTIES_BY_KIND

export interface PointFeature {
  readonly type: 'Feature'
  readonly geometry: { readonly type: 'Point'; readonly coordinates: Position }
  readonly properties: PointProperties
}
export interface PipeFeature {
  readonly type: 'Feature'
  readonly geometry: { readonly type: 'LineString'; readonly coordinates: readonly Position[] }
  readonly properties: PipeProperties
}
export interface AreaFeature {
  readonly type: 'Feature'
  readonly geometry:
    | { readonly type: 'Polygon'; readonly coordinates: readonly (readonly Position[])[] }
    | { readonly type: 'MultiPolygon'; readonly coordinates: readonly (readonly (readonly Position[])[])[] }
  readonly properties: AreaProperties
}
export interface NetworkFile {
  readonly type: 'FeatureCollection'
  readonly features: readonly (PointFeature | PipeFeature | AreaFeature)[]
}

/** Answer of `POST /network/imports`. */
export const ImportAnswer = Type.Object({
  added: Type.Array(Type.String()),
  changed: Type.Array(Type.String()),
  removed: Type.Array(Type.String()),
  warnings: Type.Array(Type.String()),
  warningsEn: Type.Optional(Type.Array(Type.String(), { description: 'the same in English' })),
})
export type ImportAnswer = Type.Static<typeof ImportAnswer>
