import type { DetectionView } from '#contract/detection.ts'
import type { DetectionSettings } from '../../domain/detection/core/settings.ts'
import type { Finding } from '../../domain/detection/core/finding.ts'
import type { DetectionContext } from '../../domain/detection/core/context.ts'
import type { DetectorState } from '../../domain/detection/core/state.ts'
import type { Instant } from '../../domain/instant.ts'
import type { Decoded } from '../../domain/telemetry/decode.ts'
import type { DeviceMessage } from '../../domain/telemetry/reading.ts'
import type { DetectionStore } from './detection-store.ts'
import type { Clock, Consumer, Journal, JournalReader, Log, NetworkSource, Timed } from '../ports.ts'
import type { RecentMessages } from '../readings/recent-messages.ts'

export interface DetectorParts {
  readonly journal: JournalReader & Pick<Journal, 'advance'>
  readonly network: NetworkSource
  readonly store: DetectionStore
  readonly settings: DetectionSettings
  readonly clock: Clock
  readonly log: Log
  /** Turns findings into incidents. Called again with the same findings after a crash or a failure. */
  raise(findings: readonly Finding[], at: Instant): Promise<void>
  /** Sees every message and finding, for the map. */
  readonly watch?: AssetWatcher
  readonly checkInAt?: DetectionContext['checkInAt']
  readonly worksAt?: DetectionContext['worksAt']
  readonly isMute?: DetectionContext['isMute']
  /** Sensitivities of the network that stands, once they are computed. */
  readonly responses?: () => DetectionContext['responses']
  /** The clock is moved by hand, so it may leap. */
  readonly manualClock?: boolean
  /** What the door has decoded and the journal has on disk. */
  readonly recent?: RecentMessages
}

export interface AssetWatcher {
  seed(state: DetectorState): void
  observe(message: Omit<DeviceMessage, 'body'>, decoded: Decoded): void
  find(findings: readonly Finding[]): void
}

export interface Detector extends Consumer, Timed {
  /** Devices that made the detector fail and are set aside (F18). */
  isolated(): DetectorState['isolated']
  /** Thresholds with their reasons, and what can and cannot be watched. */
  account(): DetectionView
  /** Why the last checkpoint is not on disk; it goes on without. */
  unsaved(): string | undefined
  /** Values that had been taken in before. */
  repeats(): number
}
