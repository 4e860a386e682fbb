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
}

/** Values of one device at one instant. */
export interface Sample {
  /** Undefined: the message carried no time, and server time holds. */
  readonly ts: Instant | undefined
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
