import Type from 'typebox'
import { Id, InstantText } from './identity.ts'
import { LocalizedText } from './text.ts'
import { LEVELS } from './vocabulary.ts'

export const OPEN_ITEM_KINDS = ['ticket', 'suspicion', 'notice', 'device_fault'] as const
export const HANDOVER_SIDES = ['outgoing', 'incoming'] as const
const HANDOVER_STATES = ['unsigned', 'half_signed', 'signed', 'carried'] as const
export type HandoverState = (typeof HANDOVER_STATES)[number]

const Author = Type.Object({ id: Type.String(), name: Type.String() })

/** 交接班 as the API shows it: what was open, who has signed, where unsigned items went. */
export const HandoverView = Type.Object({
  id: Type.String(),
  departmentId: Type.String(),
  openedAt: InstantText,
  by: Author,
  note: Type.Optional(Type.String()),
  state: Type.Enum(HANDOVER_STATES, { description: 'carried: not signed by both, goes on in `carriedInto`' }),
  carriedInto: Type.Optional(Type.String()),
  carried: Type.Array(Type.String(), { description: 'unsigned handovers that go on in this one' }),
  items: Type.Array(
    Type.Object({
      kind: Type.Enum(OPEN_ITEM_KINDS),
      id: Type.String(),
      text: LocalizedText,
      level: Type.Optional(Type.Enum(LEVELS)),
      dueAt: Type.Optional(InstantText),
      carriedFrom: Type.Optional(Type.String()),
      isOpen: Type.Boolean({ description: 'false: carried over and closed since' }),
    }),
  ),
  signatures: Type.Array(
    Type.Object({
      side: Type.Enum(HANDOVER_SIDES),
      by: Author,
      at: InstantText,
      note: Type.Optional(Type.String()),
      isOnRoster: Type.Boolean(),
    }),
  ),
})
export type HandoverView = Type.Static<typeof HandoverView>

const Note = Type.Optional(Type.String({ maxLength: 5000 }))
export const HandoverRequest = Type.Object(
  { departmentId: Type.Optional(Id), note: Note },
  { additionalProperties: false },
)
export const SignatureRequest = Type.Object(
  { side: Type.Enum(HANDOVER_SIDES), note: Note },
  { additionalProperties: false },
)
