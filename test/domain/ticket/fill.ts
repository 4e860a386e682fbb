import fc from 'fast-check'
import type { Offer, OfferField } from '#contract/offer.ts'
import { instantText, MINUTE, parseInstant, SECOND, type Instant } from '../../../server/domain/instant.ts'

type Values = Readonly<Record<string, unknown>>

/** Chance from outside: the same numbers fill the same form. */
export interface Chance {
  /** A number from 0 up to and without `below`. */
  pick(below: number): number
}
export const chances = fc
  .array(fc.nat(1_000_000), { minLength: 40, maxLength: 40 })
  .map((numbers): Chance => {
    let index = 0
    return { pick: (below) => (numbers[(index += 1) % numbers.length] ?? 0) % below }
  })

/** A form filled in as somebody might who keeps to what it says; what is optional, now and then. */
export function fill(
  { fields }: Pick<Offer, 'fields'>,
  { now, crew }: { readonly now: Instant; readonly crew: string },
  chance: Chance,
): Values {
  const values: Record<string, unknown> = {}
  for (const field of fields) {
    if (field.when !== undefined && !holds(field.when, fields, values)) continue
    const isNeeded = field.requiredWhen !== undefined && holds(field.requiredWhen, fields, values)
    const isSpared = field.unless?.some((other) => values[other] !== undefined) === true
    const isWanted = (field.required && !isSpared) || isNeeded || chance.pick(3) === 0
    if (isWanted) values[field.name] = field.type === 'people' ? [crew] : valueOf(field, now, chance)
    // Of many choices none may be taken, but that is told.
    else if (field.type === 'choices') values[field.name] = []
  }
  return values
}

/** Of the fields that a condition speaks of, one that is asked for has the value. */
function holds(
  { field, is }: NonNullable<OfferField['when']>,
  fields: readonly OfferField[],
  values: Values,
): boolean {
  const value = values[field]
  return (
    is.some((one) => one === value) &&
    fields.some(({ name, when }) => name === field && (when === undefined || holds(when, fields, values)))
  )
}

function valueOf(field: OfferField, now: Instant, chance: Chance): unknown {
  const { choices = [], type } = field
  const chosen = choices[chance.pick(Math.max(1, choices.length))]?.value
  switch (type) {
    case 'text':
      return chosen ?? 'x'
    case 'bool':
      return chosen ?? chance.pick(2) === 0
    case 'number':
      return boundOf(field.min, 0, now) + chance.pick(5)
    case 'choice':
    case 'department':
      return chosen
    case 'choices':
      return chosen === undefined ? ['x'] : [chosen]
    case 'people':
    case 'files':
      return ['a1']
    case 'position':
      return [106.7, 39.5]
    case 'instant': {
      const first = boundOf(field.min, now, now)
      const last = boundOf(field.max, first + 600 * MINUTE, now)
      const seconds = Math.floor(Math.max(0, last - first) / SECOND)
      return instantText(first + chance.pick(seconds + 1) * SECOND)
    }
  }
}

function boundOf(bound: OfferField['min'], otherwise: number, now: Instant): number {
  if (bound === undefined) return otherwise
  if (bound === 'now') return now
  return typeof bound === 'number' ? bound : (parseInstant(bound) ?? otherwise)
}
