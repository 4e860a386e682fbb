import { TICKET_COMMANDS, type CommandName } from '#contract/commands/commands.ts'
import type { Choice, Field, Fields } from '#contract/commands/field.ts'
import type { LocalizedText } from '#contract/text.ts'
import type { OfferField } from '#contract/offer.ts'
import { instantText, type Instant } from '../instant.ts'
import type { PolicyPack } from '../policy/policy-pack.ts'
import type { Asked, Form, Situation } from './command.ts'
import { COMMAND_TABLE } from './commands/table.ts'
import { OCCURRED_AT } from './fields.ts'
import { askedOf } from './form.ts'
import { earliestOf, openedAt } from './times.ts'

/** When it was done, for commands that say so; without it, now. */
const OCCURRED: Field = { type: 'instant', title: OCCURRED_AT, optional: true, past: true }

/** The fields of a command as this ticket asks this person for them, in the order of the form. */
export function fieldsOf(command: CommandName, of: Situation): readonly OfferField[] {
  const { form, dated } = COMMAND_TABLE[command]
  const asked = form?.(of) ?? {}
  const own: Fields = TICKET_COMMANDS[command].fields
  const fields = Object.entries(own).flatMap(([name, field]) => shown(name, field, asked, of))
  if (dated !== true && asked['occurredAt'] === undefined) return fields
  const { occurredAt = { min: earliestOf(of.ticket, command, {}, COMMAND_TABLE) } } = asked
  return [...fields, ...shown('occurredAt', OCCURRED, { occurredAt }, of)]
}

function shown(name: string, field: Field, form: Form, of: Situation): readonly OfferField[] {
  return askedOf(form, name).map((asked) => {
    const { when, requiredWhen, unless, clause } = asked
    const { required = !field.optional } = asked
    const choices = asked.choices ?? field.choices ?? titled(field.values, of.rules.policy)
    const value = asked.start ?? field.start
    return {
      name,
      title: field.title,
      type: field.type,
      required: required !== false,
      ...(choices === undefined ? {} : { choices: [...choices] }),
      ...(when === undefined ? {} : { when: condition(when) }),
      ...(requiredWhen === undefined ? {} : { requiredWhen: condition(requiredWhen) }),
      ...(unless === undefined ? {} : { unless: [...unless] }),
      ...bounds(field, asked, of),
      ...(field.unit === undefined ? {} : { unit: field.unit }),
      ...(value === undefined ? {} : { value }),
      ...(clause === undefined ? {} : { clause }),
    }
  })
}

function condition({ field, is }: NonNullable<Asked['when']>): { field: string; is: Choice['value'][] } {
  return { field, is: [...is] }
}

/** The vocabulary's own values are called what the policy calls them. */
function titled(values: readonly string[] | undefined, { kinds, levels }: PolicyPack): Choice[] | undefined {
  const names: Readonly<Record<string, { readonly name: LocalizedText } | undefined>> = {
    ...kinds,
    ...levels,
  }
  return values?.map((value) => ({ value, title: names[value]?.name ?? { zh: value, en: value } }))
}

/** What has happened lies between the opening and now, a promise or a new limit ahead. */
function bounds({ type, past, min, max }: Field, asked: Asked, { ticket }: Situation): Partial<OfferField> {
  if (type === 'number') {
    return { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) }
  }
  if (type === 'text') return max === undefined ? {} : { maxLength: max }
  if (type !== 'instant') return {}
  const text = (at: Instant): string => instantText(at)
  const first = asked.min === undefined ? (past === true ? text(openedAt(ticket)) : 'now') : text(asked.min)
  const last = asked.max === undefined ? undefined : text(asked.max)
  if (past === true) return { min: first, max: last ?? 'now' }
  return { min: first, ...(last === undefined ? {} : { max: last }) }
}
