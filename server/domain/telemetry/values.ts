import { MAX_SIGNALS_PER_SAMPLE, RESERVED_SIGNALS, SIGNAL_PATTERN } from '#contract/telemetry.ts'
import type { RejectReason } from '#contract/telemetry.ts'
import { SIGNALS, type SignalDefinition } from '#contract/signals.ts'

export type Values = Readonly<Record<string, number | boolean>>

const KNOWN: ReadonlyMap<string, SignalDefinition['type']> = new Map(
  Object.entries(SIGNALS).map(([signal, definition]) => [signal, definition.type]),
)

/**
 * Checks one sample's values by hand: this is the hottest path of the server. A wrong known signal
 * rejects the sample. An unknown key is never an error: one that is neither number
 * nor boolean, or has an unsafe name, is left out, and only a sample of nothing else is rejected.
 * `leave` hears of each that is left out.
 */
export function checkValues(
  raw: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  leave?: (key: string, why: RejectReason) => void,
): Values | RejectReason {
  if (keys.length > MAX_SIGNALS_PER_SAMPLE) return 'too_many_signals'
  const values: Record<string, number | boolean> = {}
  let kept = 0
  let leftOut: RejectReason | undefined
  for (const key of keys) {
    const type = KNOWN.get(key)
    const value = type === 'boolean' ? asBoolean(raw[key]) : raw[key]
    const fault = type === undefined ? faultOfExtra(key, value) : faultOfKnown(type, value)
    if (fault === undefined) {
      values[key] = value as number | boolean
      kept += 1
    } else if (type === undefined) {
      leftOut ??= fault
      leave?.(key, fault)
    } else return fault
  }
  return kept > 0 ? values : (leftOut ?? 'no_values')
}

function faultOfKnown(type: SignalDefinition['type'], value: unknown): RejectReason | undefined {
  if (typeof value !== type) return 'wrong_type'
  return type === 'number' && !Number.isFinite(value) ? 'not_finite' : undefined
}

function faultOfExtra(key: string, value: unknown): RejectReason | undefined {
  if (typeof value !== 'boolean' && typeof value !== 'number') return 'wrong_type'
  if (typeof value === 'number' && !Number.isFinite(value)) return 'not_finite'
  return SIGNAL_PATTERN.test(key) && !RESERVED_SIGNALS.has(key) ? undefined : 'bad_signal_name'
}

/** Contacts often arrive as 0 and 1. */
function asBoolean(value: unknown): unknown {
  return value === 1 ? true : value === 0 ? false : value
}
