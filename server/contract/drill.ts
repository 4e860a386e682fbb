import Type from 'typebox'
import { AssetId, InstantText } from './identity.ts'

/** Body of `POST /drills`: a rehearsal on named facilities (policy.md A45). */
export const DrillRequest = Type.Object(
  {
    reason: Type.Optional(Type.String({ maxLength: 2000 })),
    assetIds: Type.Optional(Type.Array(AssetId, { minItems: 1, maxItems: 10_000, uniqueItems: true })),
    until: Type.Optional(InstantText),
  },
  { additionalProperties: false },
)
export type DrillRequest = Type.Static<typeof DrillRequest>

export const DrillView = Type.Object({
  id: Type.String(),
  reason: Type.String(),
  assetIds: Type.Array(Type.String()),
  since: InstantText,
  until: InstantText,
  by: Type.Object({ id: Type.String(), name: Type.String() }),
})
export type DrillView = Type.Static<typeof DrillView>
