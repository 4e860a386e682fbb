import type { LocalizedText } from '../text.ts'

/** How a field is filled in, on a form and in a request. */
export const FIELD_TYPES = [
  'text',
  'instant',
  'bool',
  'number',
  'choice',
  'choices',
  'people',
  'department',
  'files',
  'position',
] as const
export type FieldType = (typeof FIELD_TYPES)[number]

export type ChoiceValue = string | number | boolean

/** A value that can be chosen, and what it is called. */
export interface Choice<Value extends ChoiceValue = ChoiceValue> {
  readonly value: Value
  readonly title: LocalizedText
}

/** One field of a command as everybody sees it; what a policy asks of it beyond that, the server adds. */
export interface Field<Value = unknown, Optional extends boolean = boolean> {
  readonly type: FieldType
  readonly title: LocalizedText
  readonly optional: Optional
  /** Longest text, or most items. */
  readonly max?: number
  /** Smallest number, or fewest items. */
  readonly min?: number
  readonly integer?: boolean
  readonly unit?: 'minutes'
  /** The only values there are; of a text or of many choices only a proposal. */
  readonly choices?: readonly Choice[]
  /** Only these values, whose titles the policy knows. */
  readonly values?: readonly string[]
  /** An instant that has happened; one that is entered long after it is flagged, unless `late` is false. */
  readonly past?: true
  readonly late?: false
  /** What a form begins with; `now` is the instant at which it is opened. */
  readonly start?: Value | 'now'
}

export type Fields = Readonly<Record<string, Field>>

type ValueOf<F> = F extends Field<infer Value> ? Value : never
type Optionals<F extends Fields> = { [K in keyof F]: F[K]['optional'] extends true ? K : never }[keyof F]

/** The values of a command's fields, instants as ISO 8601 with offset. */
export type ValuesOf<F extends Fields> = { readonly [K in Exclude<keyof F, Optionals<F>>]: ValueOf<F[K]> } & {
  readonly [K in Optionals<F>]?: ValueOf<F[K]>
}

type More = Partial<Omit<Field, 'type' | 'title' | 'optional' | 'start'>>

function field<Value>(type: FieldType) {
  return (
    zh: string,
    en: string,
    more: More & { readonly start?: Value | 'now' } = {},
  ): Field<Value, false> => ({ type, title: { zh, en }, optional: false, ...more })
}

/** Several lines. */
export const text = field<string>('text')
/** One line. */
export const line = (zh: string, en: string): Field<string, false> => text(zh, en, { max: 200 })
export const bool = field<boolean>('bool')
export const number = field<number>('number')
/** Lies ahead, unless `past` is set. */
export const instant = field<string>('instant')
export const people = field<readonly string[]>('people')
export const department = field<string>('department')
export const files = field<readonly string[]>('files')
export const position = field<readonly [number, number]>('position')
export const choices = field<readonly string[]>('choices')

/** One of a closed list with its titles. */
export function choice<const Value extends string | number>(
  zh: string,
  en: string,
  among: readonly Choice<Value>[],
  start?: Value,
): Field<Value, false> {
  const field: Field<Value, false> = { type: 'choice', title: { zh, en }, optional: false, choices: among }
  return start === undefined ? field : { ...field, start }
}

/** One of the vocabulary's own values; the policy has their titles. */
export function oneOf<const Value extends string>(
  zh: string,
  en: string,
  values: readonly Value[],
): Field<Value, false> {
  return { type: 'choice', title: { zh, en }, optional: false, values }
}

/** One of what this ticket has: a call, an extension, an event. */
export function own(zh: string, en: string): Field<string, false> {
  return { type: 'choice', title: { zh, en }, optional: false }
}

export function optional<Value>(field: Field<Value, false>): Field<Value, true> {
  return { ...field, optional: true }
}
