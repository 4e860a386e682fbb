import type { ChoiceValue } from '#contract/commands/field.ts'
import { refuse, type Refusal } from '#contract/problem.ts'
import { instantText, type Instant } from '../instant.ts'
import type { Asked, Form, TicketFacts, When } from './command.ts'
import { missingFields } from './fields.ts'

/** The only choice of a yes-or-no that must be a yes. */
export const ONLY_YES = [{ value: true, title: { zh: '是', en: 'Yes' } }] as const

/** A day and minute of the local time, as short as a choice wants it. */
export function shortText(at: Instant): string {
  return instantText(at).slice(5, 16).replace('T', ' ')
}

/** What is asked of a field; nothing more than the contract does where the form does not speak of it. */
export function askedOf(form: Form, name: string): readonly Asked[] {
  const asked = form[name]
  if (asked === false) return []
  if (asked === undefined) return [{}]
  return isList(asked) ? asked : [asked]
}

function isList(asked: Asked | readonly Asked[]): asked is readonly Asked[] {
  return Array.isArray(asked)
}

type Values = Readonly<Record<string, unknown>>

/** The mandatory fields of the form that nobody has filled in, in one refusal with the clause of the first. */
export function refuseGaps(form: Form, values: Values, clause: string): Refusal | undefined {
  const gaps = Object.keys(form).flatMap((name) =>
    askedOf(form, name)
      .filter((asked) => isGap(asked, name, form, values))
      .map((asked) => ({ name, clause: asked.clause ?? clause })),
  )
  const [first] = gaps
  return first === undefined
    ? undefined
    : missingFields(
        gaps.map(({ name }) => name),
        first.clause,
      )
}

function isGap(asked: Asked, name: string, form: Form, values: Values): boolean {
  const isWanted =
    asked.required === true || (asked.requiredWhen !== undefined && holds(asked.requiredWhen, form, values))
  if (!isWanted || (asked.when !== undefined && !holds(asked.when, form, values))) return false
  if (asked.unless?.some((other) => isFilled(values[other]) && values[other] !== false) === true) return false
  const value = values[name]
  const isYesOnly = asked.choices?.length === 1 && asked.choices[0]?.value === true
  return !isFilled(value) || (isYesOnly && value !== true)
}

/** A condition holds while the field that it speaks of is itself asked for. */
function holds({ field, is }: When, form: Form, values: Values): boolean {
  const value = values[field]
  if (!is.some((one: ChoiceValue) => one === value)) return false
  return askedOf(form, field).some(({ when }) => when === undefined || holds(when, form, values))
}

function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined
}

/** The attachments that a command names must be there. */
export function noAttachment(
  ids: readonly string[] | undefined,
  { attachments }: TicketFacts,
  clause?: string,
): Refusal | undefined {
  const unknown = ids?.find((id) => !attachments.has(id))
  if (unknown === undefined) return undefined
  return refuse(
    'bad-value',
    { zh: `没有附件 ${unknown}`, en: `there is no attachment ${unknown}` },
    clause === undefined ? {} : { clause },
  )
}
