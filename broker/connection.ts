import type { Channel, DeviceTopic } from '#contract/topics.ts'
import type { Client } from 'aedes'
import type { Peer } from './connection-limiter.ts'
import type { ConnectRequest } from './judge-connect.ts'
import type { DeviceSocket } from './device-socket.ts'
import type { Inflight } from './inflight.ts'

export interface DevicePublish {
  readonly deviceId: string
  readonly channel: Channel
  readonly body: Buffer
  readonly topic: string
}

export type Done = (error?: Error | null) => void

interface ParsedTopic {
  readonly topic: string
  readonly parsed: DeviceTopic
  /** As a frame has it: two bytes of length and the text. */
  readonly bytes: Buffer
}

/** What is known of one connection. */
export interface Connection {
  readonly socket: DeviceSocket
  readonly peer: Peer
  readonly certificateName: string | undefined
  /** What its CONNECT said; undefined before. */
  request: ConnectRequest | undefined
  /** Set as soon as the CONNECT names a device, before its secret is checked. */
  deviceId: string | undefined
  /** A longer silence than this ends the connection, ms; undefined before CONNECT. */
  maxSilenceMs: number | undefined
  /** Subscribed filters and the QoS granted to each. */
  readonly filters: Map<string, 0 | 1 | 2>
  readonly inflight: Inflight
  /** QoS 2 messages that are being published, and the repetitions that wait for the same answer. */
  readonly exactlyOnce: Map<number, Done[]>
  /** Packet ids of messages on disk whose PUBACK leaves at the end of this turn. */
  readonly pubacks: number[]
  /** The last topic that was published to. */
  lastTopic: ParsedTopic | undefined
  /** Once it is signed in, until it is gone. */
  client: Client | undefined
  /** Messages of the fast path that are not on disk yet. */
  fastPending: number
  /** Messages that aedes waits for an answer to. */
  aedesPending: number
}
