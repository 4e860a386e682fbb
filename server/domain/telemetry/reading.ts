import type { Channel } from '#contract/topics.ts'
import type { Instant } from '../instant.ts'

/** One value of one signal of one device at one instant. */
export interface Reading {
  readonly deviceId: string
  readonly signal: string
  /** Device time after correction; what it happened at. */
  readonly at: Instant
  /** Server time of arrival; what starts clocks. */
  readonly receivedAt: Instant
  readonly value: number | boolean
  /** What the device's clock said, where `at` differs from it; why is in `corrected`. */
  readonly deviceTime?: Instant
  readonly corrected?: TimeCorrection
}

/**
 * Why `at` is not the device's own time: `skew` a steady offset of its clock was taken off, `future` or
 * `unusable` the server's time holds instead.
 */
export type TimeCorrection = 'skew' | 'future' | 'unusable'

/** Values of one device at one instant. */
export interface Sample {
  /** As the device's clock had it. Undefined: the message carried no time, and server time holds. */
  readonly ts: Instant | undefined
  /** More than 5 min ahead of the server's clock. */
  readonly inFuture?: true
  /** The device sent a time that no clock of today can mean; `ts` is undefined. */
  readonly timeUnusable?: true
  readonly values: Readonly<Record<string, number | boolean>>
  readonly seq?: number
}

/** A message as a device sent it and as the journal keeps it. */
export interface DeviceMessage {
  readonly deviceId: string
  readonly channel: Channel
  readonly receivedAt: Instant
  readonly body: Uint8Array
}
