import type { Evidence } from '#contract/incident.ts'
import type { AssetKind, DeviceEvent } from '#contract/vocabulary.ts'
import type { Instant } from '../../instant.ts'
import type { Values } from '../../telemetry/values.ts'
import type { Site, When } from '../core/context.ts'
import type { Finding } from '../core/finding.ts'
import type { Fault } from '../core/make-finding.ts'
import type { SettingDefinitions } from '../core/settings.ts'

/** How long the steps have to be held before they are raised, and to be good before they clear [ms]. */
export interface Delays {
  /** By step. */
  readonly holds: readonly number[]
  readonly clearMs: number
  /** Only samples prove the hold; otherwise a condition that was seen once also holds while nothing comes. */
  readonly bySamples?: true
}

/** A step that has been held for long enough. */
export interface Reached {
  readonly step: number
  /** Server time at which the hold was over. */
  readonly at: Instant
  /** Device time of the first bad sample. */
  readonly eventAt: Instant
}

/**
 * A rule over the readings of one device. It reads usable values only and keeps its state in severity
 * steps: step 0 is the lightest, and the gravest step that is held decides what the finding says.
 */
export interface DeviceRule {
  /** Key of its state in a saved detector: never renamed. */
  readonly name: string
  /** Kinds of asset whose devices it watches. */
  readonly at: readonly AssetKind[]
  readonly settings: SettingDefinitions
  readonly steps: number
  /** Signals whose baseline learns nothing while the rule is alarmed. */
  readonly frozen: readonly string[]
  /** Takes one sample of the device in; called for each, also when none of the rule's signals is in it. */
  observe(site: Site, values: Values, when: When): void
  /** Takes in an alarm that the device decided itself. */
  observeEvent?(site: Site, event: DeviceEvent, when: When): void
  /** The device has just been judged silent. */
  observeSilence?(site: Site, now: Instant): void
  decide(site: Site): Delays
  /** Something known explains the condition: it is asked again a minute later. */
  isExplained?(site: Site, at: Instant): boolean
  /** The fault to raise when the news came too late to act on; `newest` is the last bad sample. */
  describeLate?(site: Site, reached: Reached, newest: Instant): Fault
  describe(site: Site, reached: Reached): Finding
  describeCleared(site: Site, raised: Finding): Evidence
}
