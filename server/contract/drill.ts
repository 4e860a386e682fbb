import Type from 'typebox'
import { AssetId, InstantText } from './identity.ts'
import { CLOCK_KEYS, TICKET_KINDS } from './vocabulary.ts'

/** Body of `POST /drills`: a rehearsal on named facilities (A45). */
export const DrillRequest = Type.Object(
  {
    reason: Type.Optional(Type.String({ maxLength: 2000 })),
    assetIds: Type.Optional(Type.Array(AssetId, { minItems: 1, maxItems: 10_000, uniqueItems: true })),
    until: Type.Optional(InstantText),
  },
  { additionalProperties: false },
)
export type DrillRequest = Type.Static<typeof DrillRequest>

/** What people do with an emergency, in the order in which it is done. */
export const DRILL_STEPS = [
  'dispatch',
  'accept',
  'assign',
  'depart',
  'arrive',
  'safety',
  'plan',
  'repair',
  'restore',
  'submit',
] as const
export type DrillStep = (typeof DRILL_STEPS)[number]

export const DrillView = Type.Object({
  id: Type.String(),
  reason: Type.String(),
  assetIds: Type.Array(Type.String()),
  since: InstantText,
  until: InstantText,
  /** Ended by a person before its time. */
  endedAt: Type.Optional(InstantText),
  /** False once it is over, by a person or by its time. */
  isOn: Type.Boolean(),
  by: Type.Object({ id: Type.String(), name: Type.String() }),
})
export type DrillView = Type.Static<typeof DrillView>

/** `GET /drills/{id}/report`: people's times, ticket by ticket; nothing of it is in any figure. */
export const DrillReport = Type.Object({
  drill: DrillView,
  tickets: Type.Array(
    Type.Object({
      id: Type.String(),
      number: Type.String(),
      kind: Type.Enum(TICKET_KINDS),
      departmentName: Type.String(),
      openedAt: InstantText,
      steps: Type.Array(
        Type.Object({
          step: Type.Enum(DRILL_STEPS),
          /** After the opening, in tenths. */
          minutes: Type.Number(),
          by: Type.String(),
        }),
      ),
      clocks: Type.Array(
        Type.Object({ key: Type.Enum(CLOCK_KEYS), limitMinutes: Type.Number(), late: Type.Boolean() }),
      ),
    }),
  ),
})
export type DrillReport = Type.Static<typeof DrillReport>
