import Type, { type TSchema } from 'typebox'
import { InstantText, Position } from '../identity.ts'
import { COMMANDS, TICKET_COMMANDS, type CommandName } from './commands.ts'
import type { Field, Fields } from './field.ts'

const MAX_TEXT = 10_000
const Short = Type.String({ minLength: 1, maxLength: 200 })

/** The schema of each command's fields. Unknown fields are ignored, so that clients may be newer. */
export const COMMAND_SCHEMAS = Object.fromEntries(
  COMMANDS.map((name) => [name, objectOf(TICKET_COMMANDS[name].fields)]),
) as Readonly<Record<CommandName, TSchema>>

function objectOf(fields: Fields): TSchema {
  return Type.Object(
    Object.fromEntries(
      Object.entries(fields).map(([key, field]) => {
        const schema = schemaOf(field)
        return [key, field.optional ? Type.Optional(schema) : schema]
      }),
    ),
  )
}

function schemaOf({ type, min, max, integer, choices, values, title }: Field): TSchema {
  const description = title.en
  switch (type) {
    case 'text':
      return Type.String({ minLength: 1, maxLength: max ?? MAX_TEXT, description })
    case 'bool':
      return Type.Boolean({ description })
    case 'number': {
      const bounds = {
        ...(min === undefined ? {} : { minimum: min }),
        ...(max === undefined ? {} : { maximum: max }),
      }
      return integer === true
        ? Type.Integer({ ...bounds, description })
        : Type.Number({ ...bounds, description })
    }
    case 'instant':
      return InstantText
    case 'position':
      return Position
    case 'choice': {
      const closed = values ?? choices?.map(({ value }) => value)
      return closed === undefined ? Short : Type.Enum(closed.filter((value) => typeof value !== 'boolean'))
    }
    case 'department':
      return Short
    case 'choices':
    case 'people':
    case 'files':
      return Type.Array(Short, { minItems: min ?? 0, maxItems: max ?? 100 })
  }
}
