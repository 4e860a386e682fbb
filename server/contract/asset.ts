import Type from 'typebox'
import { InstantText, Position } from './identity.ts'
import { AssetState } from './live.ts'
import { readableText } from './names.ts'
import { DeviceProperties } from './network.ts'
import { DepartmentView } from './ticket.ts'
import { NETWORK_LEVELS, POINT_KINDS } from './vocabulary.ts'

const assetSummary = {
  id: Type.String(),
  kind: Type.Enum([...POINT_KINDS, 'pipe']),
  name: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  network: Type.Enum(NETWORK_LEVELS),
  /** A pipe's is its middle. */
  position: Position,
}

/** One answer of `GET /assets?q=&near=`, best first. */
export const AssetHit = Type.Object({
  ...assetSummary,
  distanceM: Type.Optional(Type.Number({ description: 'metres from `near`' })),
  why: Type.Array(Type.String()),
})
export type AssetHit = Type.Static<typeof AssetHit>

const OwnerChange = Type.Object({ at: InstantText, department: DepartmentView })

/** `GET /responsibilities?at=`: which areas hold, and which assets pass to another department later. */
export const Responsibilities = Type.Object({
  at: InstantText,
  networkVersion: Type.Integer(),
  departments: Type.Array(Type.Object({ id: Type.String(), name: Type.String() })),
  areas: Type.Array(
    Type.Object({
      id: Type.String(),
      name: Type.String(),
      departmentId: Type.String(),
      valid: Type.Boolean(),
      validFrom: Type.Optional(InstantText),
      validTo: Type.Optional(InstantText),
    }),
  ),
  /** Oldest first; each wants 48 hours' written notice (第四条B, A27). */
  changes: Type.Array(Type.Object({ assetId: Type.String(), at: InstantText, department: DepartmentView })),
})
export type Responsibilities = Type.Static<typeof Responsibilities>

const Scalar = Type.Union([Type.String({ maxLength: 300 }), Type.Number(), Type.Boolean(), Type.Null()])

/**
 * `PATCH /assets/{id}`: the properties to put right, as the network file names them; null takes one
 * away. `position` is WGS 84; the pipes that end there move with it.
 */
export const AssetCorrectionRequest = Type.Object(
  { reason: readableText(500), position: Type.Optional(Position) },
  { additionalProperties: Scalar, maxProperties: 40 },
)

/** `GET /assets/{id}`: one asset with its devices, its owner today and its neighbours. */
export const AssetDetail = Type.Object({
  ...assetSummary,
  /** What the network file says of it. */
  properties: Type.Record(Type.String(), Type.Unknown()),
  zone: Type.Optional(Type.String()),
  /** The station whose secondary network it belongs to. */
  stationId: Type.Optional(Type.String()),
  networkVersion: Type.Integer(),
  owner: DepartmentView,
  /** When it passes to another department, by the dates of the network file. */
  ownerChanges: Type.Array(OwnerChange),
  neighbours: Type.Array(
    Type.Object({
      id: Type.String(),
      kind: Type.Enum(POINT_KINDS),
      name: Type.String(),
      hops: Type.Integer({ minimum: 1 }),
    }),
  ),
  devices: Type.Array(DeviceProperties),
  /** What was put right by hand since the network was imported, newest first. */
  corrections: Type.Array(
    Type.Object({
      at: InstantText,
      by: Type.String(),
      fields: Type.Array(Type.String()),
      reason: Type.String(),
    }),
  ),
  live: Type.Optional(AssetState),
})
export type AssetDetail = Type.Static<typeof AssetDetail>
