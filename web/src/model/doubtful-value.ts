import { isOutOfRange, signalDefinition } from '#contract/signals.ts'

/** Why a value is not to be taken as it stands. */
export type Doubt = 'range' | 'unknown' | 'undeclared'

/**
 * A value that nothing physical gives, of a signal that nobody knows, or of one that this device is not said to
 * have: shown with its doubt, so that it never passes for a plain reading.
 */
export function doubtOf(
  signal: string,
  value: number | boolean,
  declared: readonly string[],
): Doubt | undefined {
  if (signalDefinition(signal) === undefined) return 'unknown'
  if (isOutOfRange(signal, value)) return 'range'
  return declared.includes(signal) ? undefined : 'undeclared'
}
