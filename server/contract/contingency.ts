import Type from 'typebox'
import { InstantText } from './identity.ts'
import { LocalizedText } from './text.ts'
import { TICKET_KINDS } from './vocabulary.ts'

/** Who ticks an item: the crew on site or the desk. */
export const CONTINGENCY_SIDES = ['crew', 'dispatch'] as const

const Tick = Type.Object({
  done: Type.Boolean(),
  occurredAt: InstantText,
  enteredAt: InstantText,
  by: Type.Object({ id: Type.String(), name: Type.String() }),
  onBehalf: Type.Optional(Type.Boolean({ description: 'entered by the desk for the unit' })),
  late: Type.Optional(Type.Boolean({ description: 'entered long after it happened' })),
  note: Type.Optional(Type.String()),
})

/** 应急预案 of one ticket: its kind's items, and who has ticked them when (R-51 … R-65). */
export const ContingencyView = Type.Object({
  ticketId: Type.String(),
  kind: Type.Enum(TICKET_KINDS),
  clause: Type.Optional(Type.String()),
  startedAt: Type.Optional(InstantText),
  startedAfterSeconds: Type.Optional(
    Type.Integer({ description: 'opening to first tick: measured, not limited' }),
  ),
  doneCount: Type.Integer(),
  items: Type.Array(
    Type.Object({
      id: Type.String(),
      by: Type.Enum(CONTINGENCY_SIDES),
      text: LocalizedText,
      clause: Type.String(),
      inferred: Type.Boolean({ description: 'good practice, not in the text' }),
      done: Type.Boolean(),
      history: Type.Array(Tick),
    }),
  ),
})
export type ContingencyView = Type.Static<typeof ContingencyView>

/** Body of `POST /tickets/{id}/contingency/{item}`. */
export const TickRequest = Type.Object(
  {
    done: Type.Optional(Type.Boolean({ description: 'default true; false takes a tick back' })),
    occurredAt: Type.Optional(InstantText),
    note: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { additionalProperties: false },
)
