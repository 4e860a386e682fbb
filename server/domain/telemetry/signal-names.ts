import { MAX_SIGNALS_PER_DEVICE } from '#contract/telemetry.ts'
import { signalDefinition } from '#contract/signals.ts'

/**
 * Whether a device that has used `names` may use `name`. A device that invents names must not cost memory
 * or series without bound; a name of the vocabulary never falls to the limit.
 */
export function mayUseName(names: Pick<ReadonlySet<string>, 'has' | 'size'>, name: string): boolean {
  return names.size < MAX_SIGNALS_PER_DEVICE || names.has(name) || signalDefinition(name) !== undefined
}
