import Type from 'typebox'
import { GapView, LoadView } from './duty.ts'
import { InstantText } from './identity.ts'
import { DUTY_RUNGS } from './vocabulary.ts'

/** One group through a stretch in which neither its people nor its need change. */
export const DutySpan = Type.Object({
  departmentId: Type.String(),
  groupId: Type.String(),
  groupName: Type.String(),
  rung: Type.Enum(DUTY_RUNGS),
  from: InstantText,
  to: InstantText,
  needed: Type.Integer(),
  on: Type.Array(
    Type.Object({
      memberId: Type.String(),
      name: Type.String(),
      kind: Type.Enum(['shift', 'override', 'temporary', 'contact', 'responsible']),
      id: Type.Optional(Type.String({ description: 'of the shift or the exception' })),
      insteadOf: Type.Optional(Type.String()),
    }),
  ),
})
export type DutySpan = Type.Static<typeof DutySpan>

/** Who is on duty through a stretch, where too few are, and who has too much. */
export const DutyTimeline = Type.Object({
  from: InstantText,
  to: InstantText,
  neededHours: Type.Number(),
  coveredHours: Type.Number(),
  missingHours: Type.Number(),
  spans: Type.Array(DutySpan),
  gaps: Type.Array(GapView),
  loads: Type.Array(LoadView),
})
export type DutyTimeline = Type.Static<typeof DutyTimeline>
