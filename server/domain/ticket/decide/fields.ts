import { Check, Clean, Clone, Errors } from 'typebox/value'
import { COMMAND_FIELDS } from '#contract/commands.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import type { CommandName } from '#contract/vocabulary.ts'
import { parseInstant } from '../../instant.ts'
import type { Fields } from './case.ts'
import { timeName } from './words.ts'

/**
 * A command's own fields, instants read. A missing mandatory field is refused with its clause and every
 * name; blank text counts as missing. Fields that the command does not know are dropped (N17).
 */
export function readFields<Name extends CommandName>(
  name: Name,
  body: unknown,
  clause: string,
): Fields<Name> | Refusal {
  const schema = COMMAND_FIELDS[name]
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
  return readInstants(known)
}

export function missingFields(missing: readonly string[], clause: string): Refusal {
  return refuse(
    'missing-field',
    { zh: `按${clause}须填写: ${missing.join(', ')}`, en: `the policy wants: ${missing.join(', ')}` },
    { clause, missing },
  )
}

function withoutBlanks(body: unknown): Record<string, unknown> {
  if (typeof body !== 'object' || body === null) return {}
  const filled = Object.entries(body).filter(
    ([, value]) => value !== null && !(typeof value === 'string' && value.trim() === ''),
  )
  return Clone(Object.fromEntries(filled))
}

function readInstants<Name extends CommandName>(known: object): Fields<Name> | Refusal {
  const read: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(known)) {
    const at = key.endsWith('At') && typeof value === 'string' ? parseInstant(value) : value
    if (at === undefined)
      return refuse('bad-time', {
        zh: `${timeName(key).zh}须带时区`,
        en: `${timeName(key).en} must have its offset`,
      })
    read[key] = at
  }
  // Checked against the schema above; only the instants changed their form.
  return read as Fields<Name>
}
