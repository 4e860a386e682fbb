import type { BlindReason } from '#contract/coverage.ts'
import { offlineAfterMs } from '../detection/health/offline-limit.ts'
import type { DetectionSettings } from '../detection/core/settings.ts'
import type { Instant } from '../instant.ts'
import type { PlacedDevice } from '../network/network.ts'
import { blindSince, subjectsOf, type Fault } from './subjects.ts'

/** What was last heard of a device, by the server's time; 0: nothing yet. */
export interface Voice {
  readonly heardAt: Instant
  readonly faults: Iterable<Fault>
  /** When the newest value of a signal arrived; undefined: none ever did. */
  readonly arrivedAt: (signal: string) => Instant | undefined
}

/** Nothing of a signal can be believed since then; 0: it has never come. */
export interface Blindness {
  readonly since: Instant
  readonly why: BlindReason
}

/** A signal that should come and does not, though its device speaks. */
export interface MissingSignal extends Blindness {
  readonly signal: string
}

/** What a device watches where it stands, each by the signals of which one is enough; all its signals where it watches nothing. */
export function watchedTogether({ asset, signals }: PlacedDevice): readonly (readonly string[])[] {
  const watched = subjectsOf(asset, signals).map((subject) => subject.signals)
  return watched.length === 0 ? [signals] : watched
}

/**
 * Why nothing of a signal can be believed; undefined: it can. A device that speaks of other things for
 * longer than it may be silent has stopped to bring this one: its voice alone watches nothing.
 */
export function blindness(
  placed: PlacedDevice,
  signal: string,
  voice: Voice,
  settings: DetectionSettings,
): Blindness | undefined {
  if (voice.heardAt === 0) return { since: 0, why: 'never_heard' }
  const fault = blindSince(voice.faults, signal)
  if (fault !== undefined) return fault
  const arrivedAt = voice.arrivedAt(signal)
  if (arrivedAt === undefined) return { since: 0, why: 'never_came' }
  const isStopped = voice.heardAt - arrivedAt > offlineAfterMs(placed, settings)
  return isStopped ? { since: arrivedAt, why: 'stopped' } : undefined
}

/** The signals that a device should bring and that never came or stopped coming while it speaks. */
export function missingSignals(
  placed: PlacedDevice,
  voice: Voice,
  settings: DetectionSettings,
): readonly MissingSignal[] {
  if (voice.heardAt === 0) return []
  return watchedTogether(placed)
    .flat()
    .flatMap((signal) => {
      const blind = blindness(placed, signal, voice, settings)
      const isMissing = blind?.why === 'never_came' || blind?.why === 'stopped'
      return isMissing ? [{ signal, ...blind }] : []
    })
}
