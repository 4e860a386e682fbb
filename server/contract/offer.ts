import Type from 'typebox'
import { COMMANDS } from './commands/commands.ts'
import { FIELD_TYPES } from './commands/field.ts'
import { InstantText } from './identity.ts'
import { LocalizedText } from './text.ts'

const Value = Type.Union([Type.String(), Type.Number(), Type.Boolean()])

/** A condition on another field; it holds only while that field is itself asked for. */
const Condition = Type.Object({ field: Type.String(), is: Type.Array(Value) })
type Condition = Type.Static<typeof Condition>

/** `now`: the instant at which the form is filled in. */
const Bound = Type.Union([InstantText, Type.Literal('now'), Type.Number()])

/** One field of a command as this ticket asks this person for it. */
export const OfferField = Type.Object({
  name: Type.String(),
  title: LocalizedText,
  type: Type.Enum(FIELD_TYPES),
  required: Type.Boolean(),
  choices: Type.Optional(
    Type.Array(Type.Object({ value: Value, title: LocalizedText }), {
      description: 'all that can be chosen; of `text` and `choices` proposals beside one’s own words',
    }),
  ),
  when: Type.Optional(Condition),
  requiredWhen: Type.Optional(Condition),
  unless: Type.Optional(
    Type.Array(Type.String(), { description: 'not required once one of these fields is filled in' }),
  ),
  min: Type.Optional(Bound),
  max: Type.Optional(Bound),
  maxLength: Type.Optional(Type.Integer()),
  unit: Type.Optional(Type.Literal('minutes')),
  value: Type.Optional(Type.Unknown({ description: 'what the form begins with' })),
  clause: Type.Optional(Type.String()),
})
export type OfferField = Type.Static<typeof OfferField>

/** Something that this person may do with the ticket now: filled in, it is accepted until `until`. */
export const Offer = Type.Object({
  command: Type.Enum(COMMANDS),
  title: LocalizedText,
  onBehalf: Type.Boolean({ description: 'in the name of the unit that has the ticket' }),
  next: Type.Optional(Type.Boolean({ description: 'what the ticket waits for from this person' })),
  clause: Type.Optional(Type.String()),
  until: Type.Optional(InstantText),
  fields: Type.Array(OfferField, {
    description: 'several of one name have conditions of which at most one holds',
  }),
})
export type Offer = Type.Static<typeof Offer>

/** One step of the work on such a ticket; a phone without a signal goes on by them, in their order. */
export const CourseStep = Type.Object({
  command: Type.Enum(COMMANDS),
  fields: Type.Array(OfferField),
  doneAt: Type.Optional(InstantText),
})
export type CourseStep = Type.Static<typeof CourseStep>
