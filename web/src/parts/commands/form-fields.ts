import type { Offer, OfferField } from '#contract/offer.ts'
import { inputText, isoText, parseLocal } from '../../base/i18n/time.ts'

type Fields = readonly OfferField[]
export type Values = Readonly<Record<string, unknown>>

/** The fields that are asked for, given what stands in the form so far; of several of one name at most one is. */
export function activeFields(fields: Fields, values: Values): Fields {
  return fields.filter(({ when }) => when === undefined || holds(when, fields, values))
}

/** A condition holds while the field that it speaks of is itself asked for. */
function holds({ field, is }: NonNullable<OfferField['when']>, fields: Fields, values: Values): boolean {
  if (!is.some((one) => one === values[field])) return false
  return fields.some(
    ({ name, when }) => name === field && (when === undefined || holds(when, fields, values)),
  )
}

export function isRequired(
  { required, requiredWhen, unless }: OfferField,
  fields: Fields,
  values: Values,
): boolean {
  if (unless?.some((other) => !isEmpty(values[other]) && values[other] !== false) === true) return false
  return required || (requiredWhen !== undefined && holds(requiredWhen, fields, values))
}

/** Yes is the only answer there is: a box to tick. */
export function isTick({ type, choices }: OfferField): boolean {
  return type === 'bool' && choices?.length === 1 && choices[0]?.value === true
}

/** The mandatory fields without a value, and times that cannot be read, in the order of the form. */
export function missingFields(fields: Fields, values: Values, now = 0): Fields {
  return activeFields(fields, values).filter((field) => {
    const value = values[field.name]
    if (field.type === 'instant' && !isEmpty(value)) return instantOf(field, value, now) === undefined
    return isRequired(field, fields, values) && (isEmpty(value) || (isTick(field) && value !== true))
  })
}

export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  if (typeof value === 'string') return value.trim() === ''
  return Array.isArray(value) && value.length === 0
}

/** What a form begins with. */
export function startValues(fields: Fields, now: number): Record<string, unknown> {
  const values: Record<string, unknown> = {}
  for (const { name, type, value } of fields) {
    values[name] ??= type === 'instant' && value === 'now' ? inputText(now, now) : value
  }
  return values
}

/** The body of a command from what stands in its form: empty fields are left out, times get their offset. */
export function commandBody(fields: Fields, values: Values, now: number): Record<string, unknown> {
  const body: Record<string, unknown> = {}
  for (const field of fields) {
    const value = values[field.name]
    if (field.type === 'instant') {
      const at = instantOf(field, value, now)
      if (at !== undefined) body[field.name] = isoText(at)
    } else if (!isEmpty(value)) body[field.name] = value
    // Of many choices none may be taken, but that is told.
    else if (field.type === 'choices') body[field.name] = []
  }
  return body
}

function instantOf({ min }: OfferField, value: unknown, now: number): number | undefined {
  const isAhead = min === 'now' || (typeof min === 'string' && Date.parse(min) > now)
  return typeof value === 'string' ? parseLocal(value, now, isAhead) : undefined
}

/** Whatever asks for more than the instant opens a form, and so does what somebody else has done and told. */
export function needsForm({ fields, onBehalf }: Offer): boolean {
  return fields.some(({ name }) => onBehalf || name !== 'occurredAt')
}
