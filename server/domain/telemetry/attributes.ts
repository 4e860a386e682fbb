import { MAX_SIGNALS_PER_SAMPLE, type RejectReason } from '#contract/telemetry.ts'
import { isObject } from './body.ts'

/** What a device says of itself: model, firmware, interval and whatever else, by name. */
export type Attributes = ReadonlyMap<string, string | number | boolean>

const MAX_NAME_LENGTH = 64
const MAX_TEXT_LENGTH = 256

/** Plain attributes only; nested, overlong or nameless ones are left out. A Map: names are strangers'. */
export function decodeAttributes(value: unknown): Attributes | RejectReason {
  if (!isObject(value)) return 'wrong_shape'
  const entries = Object.entries(value)
  if (entries.length > MAX_SIGNALS_PER_SAMPLE) return 'too_many_signals'
  const kept = new Map<string, string | number | boolean>()
  for (const [name, attribute] of entries) {
    if (name === '' || name.length > MAX_NAME_LENGTH) continue
    if (isPlain(attribute)) kept.set(name, attribute)
  }
  return kept.size === 0 ? 'no_values' : kept
}

function isPlain(value: unknown): value is string | number | boolean {
  if (typeof value === 'string') return value.length <= MAX_TEXT_LENGTH
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}
