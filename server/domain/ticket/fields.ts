import { Check, Clean, Clone, Errors } from 'typebox/value'
import { isBlank } from '#contract/names.ts'
import { TICKET_COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import type { Fields } from '#contract/commands/field.ts'
import { COMMAND_SCHEMAS } from '#contract/commands/schema.ts'
import type { LocalizedText } from '#contract/text.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import { parseInstant } from '../instant.ts'
import type { FieldsRead } from './event.ts'

export const OCCURRED_AT: LocalizedText = { zh: '发生时间', en: 'When it happened' }

/**
 * A command's own fields, instants read. A missing mandatory field is refused with its clause and every
 * name; blank text counts as missing. Fields that the command does not know are dropped.
 */
export function readFields<Name extends CommandName>(
  name: Name,
  body: unknown,
  clause: string,
): FieldsRead<Name> | Refusal {
  const schema = COMMAND_SCHEMAS[name]
  const known: unknown = Clean(schema, withoutBlanks(body))
  const errors = Errors(schema, known)
  const missing = errors.flatMap((error) =>
    error.keyword === 'required' ? error.params.requiredProperties.map(String) : [],
  )
  if (missing.length > 0) return missingFields(missing, clause)
  const [wrong] = errors
  if (wrong !== undefined || !Check(schema, known)) {
    const where = wrong?.instancePath.slice(1) ?? ''
    const said = (unknown: string): string => `${where} ${wrong?.message ?? unknown}`.trim()
    return refuse('bad-value', { zh: said('内容不正确'), en: said('is not right') }, { clause })
  }
  return readInstants(name, Object(known))
}

export function missingFields(missing: readonly string[], clause: string): Refusal {
  return refuse(
    'missing-field',
    { zh: `按${clause}须填写: ${missing.join(', ')}`, en: `missing required fields: ${missing.join(', ')}` },
    { clause, missing },
  )
}

/** A field's name for people. */
export function fieldTitle(command: CommandName, field: string): LocalizedText {
  const fields: Fields = TICKET_COMMANDS[command].fields
  return fields[field]?.title ?? OCCURRED_AT
}

function withoutBlanks(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null) return {}
  const filled = Object.entries(body).filter(
    ([, value]) => value !== null && !(typeof value === 'string' && isBlank(value)),
  )
  return Clone(Object.fromEntries(filled))
}

function readInstants<Name extends CommandName>(name: Name, known: object): FieldsRead<Name> | Refusal {
  const read: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(known)) {
    const at = key.endsWith('At') && typeof value === 'string' ? parseInstant(value) : value
    if (at === undefined) return withoutOffset(fieldTitle(name, key))
    read[key] = at
  }
  // Checked against the schema above; only the instants changed their form.
  return read as FieldsRead<Name>
}

export function withoutOffset({ zh, en }: LocalizedText): Refusal {
  return refuse('bad-time', { zh: `${zh}须带时区`, en: `“${en}” must have its UTC offset` })
}
