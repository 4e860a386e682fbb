import { OTHER_BEHAVIOUR, SIGNALS, type SignalBehaviour, type SignalDefinition } from '#contract/signals.ts'
import type { AssetKind } from '#contract/vocabulary.ts'
import { canStandAt } from '../../telemetry/misplaced.ts'

/** How a signal behaves and what it can be at all, in its unit. */
export interface Trait extends SignalBehaviour {
  readonly min: number
  readonly max: number
}

/** Of a signal that is not known yet. */
export const UNJUDGED: Trait = { ...OTHER_BEHAVIOUR, min: -Infinity, max: Infinity }

const BY_SIGNAL: ReadonlyMap<string, Trait> = new Map(
  Object.entries<SignalDefinition>(SIGNALS).map(
    ([signal, { behaviour, min = -Infinity, max = Infinity }]) => [signal, { ...behaviour, min, max }],
  ),
)

/** Undefined for an extra signal: it is stored and judged by nobody. */
export function traitOf(signal: string): Trait | undefined {
  return BY_SIGNAL.get(signal)
}

const AT_KIND = new Map<AssetKind, ReadonlyMap<string, Trait>>()

/** Those that an asset of this kind can have; all of them for a device that stands nowhere. */
export function traitsAt(kind: AssetKind | undefined): ReadonlyMap<string, Trait> {
  if (kind === undefined) return BY_SIGNAL
  const known = AT_KIND.get(kind)
  if (known !== undefined) return known
  const made = new Map([...BY_SIGNAL].filter(([signal]) => canStandAt(signal, kind)))
  AT_KIND.set(kind, made)
  return made
}
