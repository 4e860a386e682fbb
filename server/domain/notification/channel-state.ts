import type { Instant } from '../instant.ts'
import { restAfter, type Outcome } from './outcome.ts'
import type { FullAt } from './rate.ts'

/** What is remembered of a channel, over a restart too: its bucket, its rest, why it was switched off. */
export interface ChannelState {
  readonly id: string
  readonly fullAt: FullAt
  /** Left alone until then: nobody answered, or it asked for it. */
  readonly restUntil: Instant
  /** Attempts in a row that were no success. */
  readonly failures: number
  readonly why?: string
  /** It asked never to be written to again (410); a person may have it tried again. */
  readonly isOff: boolean
}

export function freshChannel(id: string): ChannelState {
  return { id, fullAt: 0, restUntil: 0, failures: 0, isOff: false }
}

/** The channel after an attempt at `at`. */
export function afterAttempt(state: ChannelState, outcome: Outcome, at: Instant): ChannelState {
  const { id, fullAt, isOff } = state
  if (outcome.kind === 'sent') return { id, fullAt, isOff, restUntil: 0, failures: 0 }
  const failures = state.failures + 1
  const failed = { id, fullAt, failures, why: outcome.why, restUntil: at, isOff }
  if (outcome.kind === 'gone') return { ...failed, isOff: true }
  if (outcome.kind === 'limited') return { ...failed, restUntil: at + outcome.restMs }
  return outcome.kind === 'unreachable' ? { ...failed, restUntil: at + restAfter(failures) } : failed
}

export function isOpen({ isOff, restUntil }: ChannelState, at: Instant): boolean {
  return !isOff && restUntil <= at
}
