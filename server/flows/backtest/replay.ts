import type { DetectionView } from '#contract/detection.ts'
import { detectionAccount } from '../../domain/detection/account.ts'
import type { DetectionSettings } from '../../domain/detection/core/settings.ts'
import type { Finding } from '../../domain/detection/core/finding.ts'
import type { DetectionContext } from '../../domain/detection/core/context.ts'
import { leakResponses } from '../../domain/detection/spatial/responses.ts'
import { createDetectorState, type DetectorState } from '../../domain/detection/core/state.ts'
import { step, type Observation } from '../../domain/detection/step.ts'
import { tick } from '../../domain/detection/tick.ts'
import { MINUTE } from '../../domain/instant.ts'
import type { Network } from '../../domain/network/network.ts'
import { createBacktestIncidents, type BacktestChange } from './incidents.ts'

export interface Replay {
  /** Messages in order of arrival. */
  take(seen: Observation): void
  /** Lets what is held when the readings end expire; silence beyond the last one is not invented. */
  end(): void
  readonly state: DetectorState
  /** Thresholds as they have become, and what could and could not be watched. */
  account(): DetectionView
}

/** Longest hold of any rule as delivered: a quarter of an hour. */
const AFTERWARDS_MS = 15 * MINUTE

/** The detector in event time, from nothing: the same functions as live, and no clock. */
export function createReplay(parts: {
  readonly network: Network
  readonly settings: DetectionSettings
  say(change: BacktestChange): void
}): Replay {
  const { network, settings } = parts
  const state = createDetectorState()
  const incidents = createBacktestIncidents(parts)
  let ended = false
  const responses = leakResponses(network)
  const context: DetectionContext = { network, settings, responses, isMute: () => ended }

  function hand(findings: readonly Finding[]): void {
    if (findings.length > 0) incidents.take(findings)
  }

  return {
    state,
    account: () => detectionAccount({ state, context }),
    take(seen) {
      hand(step(state, seen, context))
      incidents.settle(state.now)
    },
    end() {
      ended = true
      if (state.now === 0) return
      hand(tick(state, state.now + AFTERWARDS_MS, context))
      incidents.settle(Infinity)
    },
  }
}
