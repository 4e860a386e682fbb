import type { CommandName } from '#contract/commands/commands.ts'
import { parseLocal } from '../../base/i18n/time.ts'
import type { FieldLabel, OptionLabel } from '../../base/i18n/zh-forms.ts'

export type Values = Readonly<Record<string, unknown>>

export interface CommandField {
  /** Name in the command's body. */
  readonly name: string
  readonly label: FieldLabel
  readonly kind:
    | 'text'
    | 'longText'
    | 'minutes'
    | 'instant'
    | 'yesNo'
    | 'tick'
    | 'choice'
    | 'measures'
    | 'scene'
    | 'people'
    | 'department'
    | 'ticketKind'
    | 'level'
    | 'call'
    | 'extension'
    | 'files'
    | 'position'
  readonly required: boolean
  readonly options?: readonly OptionLabel[]
  /** Clause that makes it mandatory, shown beside the field. */
  readonly clause?: string
  /** Asked for only while this holds; left out it is always there. */
  readonly when?: (values: Values) => boolean
  /** Mandatory only while this holds. */
  readonly needed?: (values: Values) => boolean
}

export const must = (
  name: string,
  kind: CommandField['kind'],
  more: Partial<CommandField> = {},
): CommandField => ({ name, label: name as FieldLabel, kind, required: true, ...more })
export const may = (
  name: string,
  kind: CommandField['kind'],
  more: Partial<CommandField> = {},
): CommandField => ({ ...must(name, kind, more), required: false })

/** Commands that say when something was done; others happen as they are entered. */
const DATED: readonly CommandName[] = [
  'dispatch',
  'accept',
  'assign',
  'depart',
  'arrive',
  'safety',
  'plan',
  'repair',
  'contact',
  'contact_facility',
  'submit',
  'unfounded',
]

export function isDated(command: CommandName): boolean {
  return DATED.includes(command)
}

/** Times that lie ahead: a promise to the caller, a new due time. Every other time has happened. */
export function isAhead(name: string): boolean {
  return name === 'dueAt' || name === 'appointmentAt'
}

/** The fields that are asked for, given what stands in the form so far. */
export function activeFields(fields: readonly CommandField[], values: Values): readonly CommandField[] {
  return fields.filter(({ when }) => when?.(values) ?? true)
}

export function isRequired(field: CommandField, values: Values): boolean {
  return field.required || (field.needed?.(values) ?? false)
}

/** The mandatory fields without a value, in the order of the form. */
export function missingFields(
  fields: readonly CommandField[],
  values: Values,
  now = 0,
): readonly CommandField[] {
  return activeFields(fields, values).filter((field) => {
    if (field.kind === 'instant' && isUnreadable(values[field.name], now)) return true
    if (field.name === 'measures' && typeof values['noneReason'] === 'string') {
      return values['noneReason'] === '' && isEmpty(values[field.name])
    }
    return (
      isRequired(field, values) &&
      (isEmpty(values[field.name]) || (field.kind === 'tick' && values[field.name] !== true))
    )
  })
}

/** Typed as a time, and not one. */
function isUnreadable(value: unknown, now: number): boolean {
  return typeof value === 'string' && value.trim() !== '' && parseLocal(value, now) === undefined
}

export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  return Array.isArray(value) && value.length === 0
}
