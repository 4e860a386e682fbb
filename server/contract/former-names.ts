import type { ClockKey, RoutingRule } from './vocabulary.ts'

/** What clocks and routing rules were called before they had names: stored events and old files say it. */
const NAMES: Readonly<Record<string, ClockKey | RoutingRule>> = {
  C1: 'dispatch',
  C2: 'accept',
  C3: 'assign',
  C4: 'arrive',
  'C4′': 'arrive',
  C5: 'contact_facility',
  C6: 'contact_reporter',
  C7: 'repair_cover',
  C8: 'repair_vent',
  C9: 'repair_leak',
  C9w: 'watch_leak',
  C10: 'repair_station',
  C11: 'close_indoor_leak',
  C12a: 'close_consult',
  C12b: 'close_not_hot',
  C12c: 'close_level',
  C13: 'call_back',
  C14: 'answer_extension',
  C16: 'contact_promptly',
  D0: 'override',
  D1: 'secondary_side',
  D2: 'trunk_under_warranty',
  D3: 'primary_in_service',
  D4: 'branch_under_construction',
  D5: 'station',
  D6: 'manual',
}

/** Keys under which a clock or a rule is named, as a value, in a list, or before the bar of a mark. */
const NAMING = new Set(['clock', 'key', 'rule', 'headline', 'branchInWarranty', 'clocks', 'marks'])
/** Keys under which clocks or rules are themselves keys. */
const KEYED = new Set(['clocks', 'routing'])

/**
 * A stored or handed-in value (of JSON) with the names of today for clocks and routing rules, and which
 * former names it had. Where both names stand side by side the former one is left, for the schema to refuse.
 */
export function withNames(value: unknown): {
  readonly value: unknown
  readonly renamed: ReadonlyMap<string, string>
} {
  const renamed = new Map<string, string>()
  const nameOf = (text: string): string => {
    const [code = '', ...rest] = text.split('|')
    const name = Object.hasOwn(NAMES, code) ? NAMES[code] : undefined
    if (name === undefined) return text
    renamed.set(code, name)
    return [name, ...rest].join('|')
  }
  const translate = (part: unknown, under: string): unknown => {
    if (typeof part === 'string') return NAMING.has(under) ? nameOf(part) : part
    if (Array.isArray(part)) return part.map((each) => translate(each, under))
    if (typeof part !== 'object' || part === null) return part
    const entries = Object.entries(part).map(([key, each]) => {
      const isFree = KEYED.has(under) && !Object.hasOwn(part, NAMES[key] ?? key)
      return [isFree ? nameOf(key) : key, translate(each, key)]
    })
    return Object.fromEntries(entries)
  }
  return { value: translate(value, ''), renamed }
}
