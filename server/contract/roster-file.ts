import Type from 'typebox'
import { DutyPlan, DutySettings } from './duty.ts'
import { InstantText } from './identity.ts'

const closed = { additionalProperties: false }

/**
 * All rosters in one file (`GET /roster/export`), to be edited elsewhere and sent back (`POST
 * /roster/import`). A plan with the `version` that it was exported with is refused once somebody has
 * changed it since; without one it replaces whatever there is.
 */
export const RosterFile = Type.Object(
  {
    format: Type.Literal('wellwatch-rosters-1'),
    exportedAt: Type.Optional(InstantText),
    settings: Type.Optional(DutySettings),
    plans: Type.Array(
      Type.Object(
        { ...DutyPlan.properties, version: Type.Optional(Type.Integer({ minimum: 0 })) },
        { additionalProperties: false },
      ),
      { maxItems: 200 },
    ),
  },
  { ...closed, title: 'Wellwatch rosters' },
)
export type RosterFile = Type.Static<typeof RosterFile>

/** What an import did, or with `dryRun` would do: ids of departments, and whether the settings change. */
export const RosterImportAnswer = Type.Object({
  dryRun: Type.Boolean(),
  added: Type.Array(Type.String()),
  changed: Type.Array(Type.String()),
  same: Type.Array(Type.String()),
  settings: Type.Enum(['absent', 'same', 'changed']),
})
export type RosterImportAnswer = Type.Static<typeof RosterImportAnswer>
