import { Check, Errors } from 'typebox/value'
import { CLOCK_KEYS, TICKET_KINDS } from '#contract/vocabulary.ts'
import { PolicyPack } from './policy-pack.ts'

export interface PolicyMistake {
  /** Where, as a dotted path: `clocks.C7.limitMinutes`. */
  readonly path: string
  readonly message: string
}

/**
 * Reads a policy pack. Every mistake is listed at once: the shape first, then what only the whole can
 * tell (a clock that its kind cannot start, a headline that is not among the kind's clocks).
 */
export function checkPolicy(
  input: unknown,
): { readonly pack: PolicyPack } | { readonly mistakes: readonly PolicyMistake[] } {
  if (!Check(PolicyPack, input)) return { mistakes: shapeMistakes(input) }
  const mistakes = [...clockMistakes(input), ...kindMistakes(input)]
  return mistakes.length === 0 ? { pack: input } : { mistakes }
}

function shapeMistakes(input: unknown): PolicyMistake[] {
  return Errors(PolicyPack, input).map((error) => {
    const path = error.instancePath.slice(1).replaceAll('/', '.')
    const detail = error.keyword === 'additionalProperties' ? unknownKeys(error.params) : error.message
    return { path, message: detail }
  })
}

function unknownKeys(params: object): string {
  const keys = 'additionalProperties' in params ? params.additionalProperties : []
  return `unknown: ${Array.isArray(keys) ? keys.join(', ') : String(keys)}`
}

function* clockMistakes(pack: PolicyPack): Generator<PolicyMistake> {
  for (const key of CLOCK_KEYS) {
    const rule = pack.clocks[key]
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

function* kindMistakes(pack: PolicyPack): Generator<PolicyMistake> {
  for (const kind of TICKET_KINDS) {
    const rule = pack.kinds[kind]
    const has = new Set(rule.clocks)
    if (!has.has(rule.headline)) {
      yield { path: `kinds.${kind}.headline`, message: `${rule.headline} is not among the kind's clocks` }
    }
    if (pack.clocks[rule.headline].start === 'repair' && startOf(pack, kind, rule.headline) === 'repair') {
      yield { path: `kinds.${kind}.headline`, message: `${rule.headline} would start with itself` }
    }
    if (rule.extension !== 'refused' && !pack.clocks[rule.headline].extendable) {
      yield { path: `kinds.${kind}.extension`, message: `${rule.headline} is not extendable` }
    }
    if (rule.extension !== 'refused' && !has.has('C14')) {
      yield { path: `kinds.${kind}.clocks`, message: 'C14 is missing: an extension needs its answer clock' }
    }
    if (rule.onSite === 'required' && !has.has('C4')) {
      yield { path: `kinds.${kind}.clocks`, message: 'C4 is missing: the kind requires arrival' }
    }
    if (!has.has('C1') || !has.has('C2')) {
      yield { path: `kinds.${kind}.clocks`, message: 'C1 and C2 belong to every kind' }
    }
  }
}

function startOf(pack: PolicyPack, kind: (typeof TICKET_KINDS)[number], key: keyof PolicyPack['clocks']) {
  return pack.clocks[key].byKind?.[kind]?.start ?? pack.clocks[key].start
}
