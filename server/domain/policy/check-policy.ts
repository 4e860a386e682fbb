import type Type from 'typebox'
import { Check } from 'typebox/value'
import { MonthDay } from '#contract/duty.ts'
import { withNames } from '#contract/former-names.ts'
import { CLOCK_KEYS, TICKET_KINDS, type ClockKey, type TicketKind } from '#contract/vocabulary.ts'
import { isCalendarDay } from '../instant.ts'
import { wholePack } from './extend-pack.ts'
import { PACKS } from './packs.ts'
import { allClauses, DUTIES } from './clauses.ts'
import { ClockRule } from './clock-rule.ts'
import { KindRule, PolicyPack } from './policy-pack.ts'
import { WUDA_CLAUSES } from './wuda.ts'
import { shapeMistakes, sound, type Mistake } from './shape-mistakes.ts'

export type PolicyMistake = Mistake

type Clocks = Partial<Record<ClockKey, ClockRule>>
type Kinds = Partial<Record<TicketKind, KindRule>>

/**
 * Reads a policy pack, whole or as the differences from the one that it extends. Every mistake is listed at once: those of shape, and of whatever parts are sound
 * also what only the whole can tell (a clock that its kind cannot start, a headline that is not among the
 * kind's clocks, warnings out of order). `renamed` holds former names of clocks and rules that it still uses.
 */
export function checkPolicy(
  file: unknown,
):
  | { readonly pack: PolicyPack; readonly renamed: ReadonlyMap<string, string> }
  | { readonly mistakes: readonly PolicyMistake[] } {
  const { value, renamed } = withNames(file)
  const whole = wholePack(value, PACKS)
  if ('mistakes' in whole) return whole
  const input = whole.pack
  const clocks = soundParts(ClockRule, CLOCK_KEYS, partOf(input, 'clocks'))
  const kinds = soundParts(KindRule, TICKET_KINDS, partOf(input, 'kinds'))
  const mistakes = [
    ...shapeMistakes(PolicyPack, input),
    ...clockMistakes(clocks),
    ...kindMistakes(kinds, clocks),
    ...clauseMistakes(partOf(input, 'clauses')),
    ...warningMistakes(partOf(input, 'settings')),
    ...seasonMistakes(partOf(input, 'season')),
  ]
  if (mistakes.length > 0 || !Check(PolicyPack, input)) return { mistakes }
  return { pack: { ...input, clauses: allClauses(input.clauses) }, renamed }
}

function partOf(input: unknown, name: string): Readonly<Record<string, unknown>> {
  const part: unknown = isObject(input) ? input[name] : undefined
  return isObject(part) ? part : {}
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function soundParts<Key extends string, Schema extends Type.TSchema>(
  schema: Schema,
  keys: readonly Key[],
  from: Readonly<Record<string, unknown>>,
): Partial<Record<Key, Type.Static<Schema>>> {
  const found: Partial<Record<Key, Type.Static<Schema>>> = {}
  for (const key of keys) {
    const part = sound(schema, from[key])
    if (part !== undefined) found[key] = part
  }
  return found
}

function* clockMistakes(clocks: Clocks): Generator<PolicyMistake> {
  for (const key of CLOCK_KEYS) {
    const rule = clocks[key]
    if (rule === undefined) continue
    if (rule.limitBy === 'minutes' && rule.limitMinutes === undefined) {
      yield { path: `clocks.${key}.limitMinutes`, message: 'needed when limitBy is minutes' }
    }
    if (rule.limitBy !== 'minutes' && rule.limitMinutes !== undefined) {
      yield { path: `clocks.${key}.limitMinutes`, message: `has no meaning when limitBy is ${rule.limitBy}` }
    }
    if (rule.secondLimit !== undefined && rule.secondLimit.limitMinutes <= (rule.limitMinutes ?? Infinity)) {
      yield { path: `clocks.${key}.secondLimit`, message: 'must be longer than a limitMinutes beside it' }
    }
    if (rule.limitBy === 'working_days' && rule.workingDays === undefined) {
      yield { path: `clocks.${key}.workingDays`, message: 'needed when limitBy is working_days' }
    }
  }
}

function* kindMistakes(kinds: Kinds, clocks: Clocks): Generator<PolicyMistake> {
  for (const kind of TICKET_KINDS) {
    const rule = kinds[kind]
    if (rule === undefined) continue
    const has = new Set(rule.clocks)
    const headline = clocks[rule.headline]
    if (!has.has(rule.headline)) {
      yield { path: `kinds.${kind}.headline`, message: `${rule.headline} is not among the kind's clocks` }
    }
    if ((headline?.byKind?.[kind]?.start ?? headline?.start) === 'repair') {
      yield { path: `kinds.${kind}.headline`, message: `${rule.headline} would start with itself` }
    }
    if (rule.extension !== 'refused' && headline?.extendable === false) {
      yield { path: `kinds.${kind}.extension`, message: `${rule.headline} is not extendable` }
    }
    if (rule.extension !== 'refused' && !has.has('answer_extension')) {
      yield {
        path: `kinds.${kind}.clocks`,
        message: 'answer_extension is missing: an extension needs its answer clock',
      }
    }
    if (rule.onSite === 'required' && !has.has('arrive')) {
      yield { path: `kinds.${kind}.clocks`, message: 'arrive is missing: the kind requires arrival' }
    }
    if (!has.has('dispatch') || !has.has('accept')) {
      yield { path: `kinds.${kind}.clocks`, message: 'dispatch and accept belong to every kind' }
    }
  }
}

/** A command that came later than the pack may be missing; those that every policy speaks of may not. */
function* clauseMistakes(clauses: Readonly<Record<string, unknown>>): Generator<PolicyMistake> {
  for (const key of Object.keys(WUDA_CLAUSES)) {
    const isDuty = DUTIES.some((duty) => duty === key)
    if (!isDuty && clauses[key] === undefined) yield { path: `clauses.${key}`, message: 'is missing' }
  }
}

/** Each warning climbs one rung higher than the one before: they come in their order, each once. */
function* warningMistakes(settings: Readonly<Record<string, unknown>>): Generator<PolicyMistake> {
  for (const name of ['warnAtPercent', 'warnShortAtPercent'] as const) {
    const steps = sound(PolicyPack.properties.settings.properties[name], settings[name]) ?? []
    if (steps.some((step, index) => index > 0 && step <= (steps[index - 1] ?? 0))) {
      yield { path: `settings.${name}`, message: 'must rise from one warning to the next' }
    }
  }
}

/** A season begins and ends every year: 30 February never comes, 29 February not each time. */
function* seasonMistakes(season: Readonly<Record<string, unknown>>): Generator<PolicyMistake> {
  for (const name of ['from', 'to'] as const) {
    const day = sound(MonthDay, season[name])
    if (day !== undefined && !isCalendarDay(`2001-${day}`)) {
      yield { path: `season.${name}`, message: `not every year has a ${day}` }
    }
  }
}
